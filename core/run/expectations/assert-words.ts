import { defined } from '../../defined.ts';
import type { StepResult } from '../../findings/step-result.ts';
import type { FleetRun } from '../../history/fleet-run.ts';
import type { Registration } from '../../history/events.ts';
import type { Assertion } from '../verdict.ts';
import { showValue, type ActualValue, type ExpectationWord } from './define-word.ts';
import { expectationWords, type Expectation, type WordName } from './index.ts';

/** Compares each word of an expectation with one registration. */
export function assertRegistration(words: Expectation, registration: Registration): readonly Assertion[] {
  return assertEach(words, (word, expected) =>
    word.ofRegistration === undefined
      ? misplaced(
          word,
          expected,
          word.ofStep === undefined
            ? 'applies to fleets of numbers; add `fleet: {}` to the devices of this step'
            : 'applies to a step in which no device registers, but devices register in this one',
        )
      : compared(word, expected, word.ofRegistration(registration)),
  );
}

/** Compares each word of an expectation with the result of a step in which no device registers. */
export function assertStep(words: Expectation, result: StepResult): readonly Assertion[] {
  return assertEach(words, (word, expected) =>
    word.ofStep === undefined
      ? misplaced(word, expected, 'applies to registrations, but no device registers in this step')
      : compared(word, expected, word.ofStep(result)),
  );
}

/** Compares each word of an expectation with the attempts of a fleet of numbers. */
export function assertFleet(words: Expectation, run: FleetRun): readonly Assertion[] {
  return assertEach(words, (word, expected) =>
    word.ofFleet === undefined
      ? misplaced(word, expected, 'applies to single devices, and this step is about a fleet of numbers')
      : compared(word, expected, word.ofFleet(run)),
  );
}

/**
 * Returns as text every value that a step has for a word of `expect:`, such as `done, shipped: 3`; an empty text if it has
 * none.
 */
export function showStep(result: StepResult): string {
  const values = expectationWords.flatMap((word: ExpectationWord<WordName>) => {
    const actual = word.ofStep?.(result);
    // The words `done` and `refused` have the same actual value, so only `done` shows it.
    if (actual === undefined || word.name === 'refused') return [];
    return [word.name === 'done' ? word.show(actual) : `${word.name}: ${word.show(actual)}`];
  });
  return values.join(', ');
}

/** Returns an expectation as text, as its author wrote it: `assigned: true, hub: hub-eu`. */
export function showWords(words: Expectation): string {
  return Object.entries(words)
    .map(([word, value]) => `${word}: ${showValue(value)}`)
    .join(', ');
}

function assertEach(
  words: Expectation,
  assertWord: (word: ExpectationWord<WordName>, expected: unknown) => Assertion,
): readonly Assertion[] {
  return expectationWords.flatMap((word) => {
    const expected = words[word.name];
    return expected === undefined ? [] : [assertWord(word, expected)];
  });
}

function compared(word: ExpectationWord<WordName>, expected: unknown, actual: ActualValue | undefined): Assertion {
  const passed = word.holds(expected, actual);
  const found = actual === undefined ? 'none' : word.show(actual);
  const difference = passed ? undefined : `${word.name}: expected ${showValue(expected)}, actual ${found}`;
  return { word: word.name, expected, ...defined({ actual }), passed, ...defined({ difference }) };
}

function misplaced(word: ExpectationWord<WordName>, expected: unknown, why: string): Assertion {
  return { word: word.name, expected, passed: false, difference: `${word.name}: ${why}` };
}
