import { z } from 'zod';
import type { HistoryEvent } from '../../history/events.ts';
import { defineWord, type ExpectationWord } from './define-word.ts';

interface CountWord<Name extends string> {
  readonly name: Name;
  readonly description: string;
  /**
   * Returns the number that the events of a step contain; undefined if the word of `expect:` does not apply to the
   * step.
   */
  readonly count: (events: readonly HistoryEvent[]) => number | undefined;
  /** Singular and plural of the text after the number in the guide, such as `shipped`. */
  readonly phrase: readonly [one: string, many: string];
  /** Text that the guide shows instead of the number 0. Default: `none`. */
  readonly zero?: string;
  readonly expectsSuccess?: (expected: number) => boolean | undefined;
}

/** Defines a word of `expect:` whose value is a number, counted in the events of a step. */
export function defineCount<Name extends string>({
  name,
  description,
  count,
  phrase: [one, many],
  zero = 'none',
  ...rest
}: CountWord<Name>): ExpectationWord<Name, number, number> {
  return defineWord({
    name,
    schema: z.int().min(0).meta({ description }),
    ofStep: ({ events }) => count(events),
    phrases: (actual = 0) => [`${actual === 0 ? zero : actual} ${actual === 1 ? one : many}`],
    ...rest,
  });
}

/** Counts the units of a production line that have this outcome; returns undefined if no line ran in the step. */
export function countUnits(fate: string): (events: readonly HistoryEvent[]) => number | undefined {
  return (events) =>
    events.some(({ kind }) => kind === 'line-ended')
      ? events.filter((event) => event.kind === 'unit' && event.fate === fate).length
      : undefined;
}

/** Implements `expectsSuccess` for a count of faults: the author expects a success if the expected count is 0. */
export function noneIsSuccess(expected: number): boolean {
  return expected === 0;
}
