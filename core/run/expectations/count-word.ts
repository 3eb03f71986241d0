import { z } from 'zod';
import type { HistoryEvent } from '../../history/events.ts';
import { defineWord, type ExpectationWord } from './define-word.ts';

interface CountWord<Name extends string> {
  readonly name: Name;
  readonly description: string;
  /** Counts in the events of a step; undefined if this count does not apply to the step. */
  readonly count: (events: readonly HistoryEvent[]) => number | undefined;
  /** Text after the number in the guide, such as `shipped`: singular and plural. */
  readonly phrase: readonly [one: string, many: string];
  /** Replaces the number 0 in the guide. Default: `none`. */
  readonly zero?: string;
  readonly expectsSuccess?: (expected: number) => boolean | undefined;
}

/** Defines a word whose value is a number that is counted in the events of a step. */
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

/** Counts the units of a production line with one outcome; undefined if the step ran no line. */
export function countUnits(fate: string): (events: readonly HistoryEvent[]) => number | undefined {
  return (events) =>
    events.some(({ kind }) => kind === 'line-ended')
      ? events.filter((event) => event.kind === 'unit' && event.fate === fate).length
      : undefined;
}

/** Treats a count of faults as successful only if it is 0. */
export function noneIsSuccess(expected: number): boolean {
  return expected === 0;
}
