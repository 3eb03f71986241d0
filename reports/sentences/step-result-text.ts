import type { CheckId } from '../../core/checks.ts';
import { firstFailed } from '../../core/history/decision.ts';
import type { CountWord, StepResult, TimeWord } from '../../core/findings/step-result.ts';
import { never } from '../../core/history/events.ts';
import type { StepVerdict } from '../../core/run/verdict.ts';
import { whenText } from './drill-text.ts';

/**
 * What came of a step in which nobody registers, such as "1 caught by `credential-present` and 6 shipped"; Markdown. Tells
 * only of what was expected: how many boards a line loses besides is chance.
 */
export function stepResultText(
  { expected }: StepVerdict,
  { decision, counts, times, caught, signals }: StepResult,
): string {
  const words = wordsOf(expected);
  const counted = [
    ...(words.has('signals') ? [signalsText(signals ?? [])] : []),
    ...Object.entries(timeTexts).flatMap(([word, text]) =>
      words.has(word) ? [`${text} ${whenText(times[word as TimeWord] ?? never)}`] : [],
    ),
    ...(words.has('caught') ? caughtTexts(caught) : []),
    ...Object.entries(countTexts).flatMap(([word, text]) =>
      words.has(word) ? [`${numberText(counts[word as CountWord] ?? 0)} ${text}`] : [],
    ),
  ];
  if (!words.has('done') && !words.has('refused')) return listText(counted);
  const against = decision === undefined ? undefined : firstFailed(decision);
  const outcome = against === undefined ? 'went through' : `refused by \`${against.check}\``;
  return counted.length === 0 ? outcome : `${outcome}, with ${listText(counted)}`;
}

/** As the judge writes them: `word: value, word: value`, where a value that is no text is JSON without spaces. */
function wordsOf(expected: string): ReadonlySet<string> {
  return new Set([...expected.matchAll(/(?:^|, )(\w+): /g)].map(([, word = '']) => word));
}

function caughtTexts(caught: Readonly<Partial<Record<CheckId, number>>>): readonly string[] {
  const found = Object.entries(caught).map(([check, count]) => `${count} caught by \`${check}\``);
  return found.length === 0 ? ['none caught'] : found;
}

function signalsText(ids: readonly string[]): string {
  return ids.length === 0 ? 'no signal' : listText(ids.map((id) => `signal \`${id}\``));
}

/** Of so many units or devices. */
const countTexts: Readonly<Record<CountWord, string>> = {
  shipped: 'shipped',
  scrapped: 'scrapped',
  rejected: 'rejected',
  offTheBooks: 'built off the books',
  overproduced: 'built beyond the order',
  unaudited: 'enrolled without an entry in the audit trail',
  scrappedButEnrolled: 'enrolled though scrapped',
  impersonated: 'identities taken over',
  hurt: 'honest devices hurt',
};

const timeTexts: Readonly<Record<TimeWord, string>> = {
  outOfDps: 'attacker out of DPS',
  outOfHub: 'attacker out of the hub',
};

function numberText(count: number): string {
  return count === 0 ? 'none' : String(count);
}

function listText(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}
