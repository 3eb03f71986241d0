import type { ExpectationWord } from '../../core/run/expectations/define-word.ts';
import { expectationWords, type WordName } from '../../core/run/expectations/index.ts';
import type { Assertion } from '../../core/run/run.ts';

/**
 * Describes the result of a step in which no device registers, such as "1 caught by `credential-present` and 6 shipped". Returns Markdown.
 * Contains only the numbers that the author asserted, because other numbers may differ between runs.
 */
export function stepResultText(assertions: readonly Assertion[]): string {
  const phrases = (isOutcome: boolean): readonly string[] =>
    expectationWords.flatMap((word: ExpectationWord<WordName>) => {
      const assertion = assertions.find((one) => one.word === word.name);
      if (assertion === undefined || word.phrases === undefined || outcomeWords.has(word.name) !== isOutcome) return [];
      return word.phrases(assertion.actual);
    });
  const [outcome] = phrases(true);
  const values = listText(phrases(false));
  if (outcome === undefined) return values;
  return values === '' ? outcome : `${outcome}, with ${values}`;
}

const outcomeWords: ReadonlySet<WordName> = new Set(['done', 'refused']);

function listText(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}
