import { z } from 'zod';
import type { HistoryEvent } from '../../history/events.ts';
import { defineWord, type ExpectationWord } from './define-word.ts';

interface CountWord<Name extends string> {
  readonly name: Name;
  readonly description: string;
  /** Counts in the events of a step; undefined if the step counts nothing of the kind. */
  readonly count: (events: readonly HistoryEvent[]) => number | undefined;
  /** Follows the number in the guide, such as `shipped`: for one and for any other number. */
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

/** Counts the units of a production line with a fate; undefined if the step ran no line. */
export function countUnits(fate: string): (events: readonly HistoryEvent[]) => number | undefined {
  return (events) =>
    events.some(({ kind }) => kind === 'line-ended')
      ? events.filter((event) => event.kind === 'unit' && event.fate === fate).length
      : undefined;
}

/** Expects that a count of faults is 0: a higher one means that something went wrong. */
export function noneIsSuccess(expected: number): boolean {
  return expected === 0;
}
