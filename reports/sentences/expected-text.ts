import { showValue } from '../../core/run/expectations/define-word.ts';
import type { Assertion, StepVerdict } from '../../core/run/run.ts';

/**
 * Returns what an expectation requires, with the actual value of each word that failed: `refused: certificate-valid-now, errorCode: 401003
 * (actual 401002)`. Omits the outcome, because the sentence around this text names it, and a missing value if a refusal explains it.
 */
export function expectedText({ expected, assertions = [], trace }: StepVerdict): string {
  const isRefused = trace.some(({ passed }) => !passed);
  return assertions.reduce((text, assertion) => {
    const note = noteOf(assertion);
    if (note === undefined || (isRefused && note === 'actual none')) return text;
    return withNote(text, `${assertion.word}: ${showValue(assertion.expected)}`, note);
  }, expected);
}

/** Returns the difference of one word without the word and the expected value. Undefined if there is nothing to add. */
function noteOf({ word, expected, difference }: Assertion): string | undefined {
  if (difference === undefined || outcomeWords.has(word)) return undefined;
  const compared = `${word}: expected ${showValue(expected)}, `;
  return difference.slice(difference.startsWith(compared) ? compared.length : `${word}: `.length);
}

/** The actual value of these words is the outcome, which every sentence names. */
const outcomeWords: ReadonlySet<string> = new Set<Assertion['word']>(['assigned', 'refused', 'done']);

/** Adds a note behind a part of a list, such as `within: PT5S` in `assigned: true, within: PT5S`. */
function withNote(list: string, part: string, note: string): string {
  for (let at = list.indexOf(part); at >= 0; at = list.indexOf(part, at + 1)) {
    const [before, after] = [list.slice(0, at), list.slice(at + part.length)];
    const isWhole =
      (before === '' || before.endsWith(', ')) && (after === '' || after.startsWith(', ') || after.startsWith(' ('));
    if (isWhole) return `${before}${part} (${note})${after}`;
  }
  return `${list} (${part}, ${note})`;
}
