import type { ExpectationWord } from '../../core/run/expectations/define-word.ts';
import { expectationWords, type Expectation, type WordName } from '../../core/run/expectations/index.ts';
import type { ExpectedOutcome } from '../../core/run/expected-outcome.ts';
import type { StepKind } from '../steps/define-step.ts';
import type { Step } from './read-timeline.ts';

/**
 * Derives the expected outcome of a variant whose author does not state it. `wrong`: an expectation says that an honest actor fails or that
 * an attacker succeeds. `well`: every expectation about success says that an honest actor succeeds or that an attacker fails. Undefined: no
 * expectation is about success.
 */
export function showsOf(timeline: readonly Step[], kinds: readonly StepKind[]): ExpectedOutcome | undefined {
  const hostile = new Set(kinds.filter((kind) => kind.hostile).map(({ name }) => name));
  const shown = timeline.flatMap(({ name, expect }): readonly ExpectedOutcome[] => {
    const succeeds = expect === undefined ? undefined : expectsSuccess(expect.words);
    return succeeds === undefined ? [] : [succeeds === hostile.has(name) ? 'wrong' : 'well'];
  });
  return shown.includes('wrong') ? 'wrong' : shown[0];
}

/** Returns true if an expectation says that the actor of the step succeeds, false if it says that the actor fails; otherwise undefined. */
function expectsSuccess(words: Expectation): boolean | undefined {
  const answers = expectationWords.flatMap((word: ExpectationWord<WordName>) => {
    const expected = words[word.name];
    return expected === undefined ? [] : [word.expectsSuccess?.(expected)];
  });
  if (answers.includes(false)) return false;
  return answers.includes(true) ? true : undefined;
}
