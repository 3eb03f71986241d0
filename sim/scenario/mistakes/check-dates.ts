import { z } from 'zod';
import { firstInstant, lastInstant, lastNow, OutsideCalendar } from '../../../core/time/calendar.ts';
import type { Millis } from '../../../core/time/clock.ts';
import { addDuration, isDuration } from '../../../core/time/duration.ts';
import type { FoundMistake } from './issue-sentence.ts';
import { metaOf } from '../meta-of.ts';
import { ownWord, unwrap } from '../editor/schema-at.ts';
import type { Path } from '../yaml-source.ts';

/**
 * Finds every validity that would end after the year 9999, the last year that a certificate can express (RFC 5280 4.1.2.5).
 * @param at earliest instant at which the certificates are issued.
 */
export function checkDates(
  schema: z.core.$ZodType,
  value: unknown,
  at: Millis,
  path: Path = [],
): readonly FoundMistake[] {
  return withMark(schema, value, 'isValidity', path).flatMap(({ text, path: place }): readonly FoundMistake[] => {
    const end = later(at, text);
    if (end !== undefined && end <= lastInstant) return [];
    return [{ path: place, message: `a certificate cannot be valid after 9999-12-31, found ${text}; shorten it` }];
  });
}

/** Finds a clock offset with which a clock would show a time before 1950 or after 9999. */
export function checkOffset(offset: string, at: Millis, path: Path): readonly FoundMistake[] {
  const shown = later(at, offset);
  if (shown !== undefined && shown >= firstInstant && shown <= lastInstant) return [];
  return [
    {
      path,
      message: `the clock would show a time outside of the years 1950 to 9999, found ${offset}; use a smaller offset`,
    },
  ];
}

/** Returns the milliseconds by which a clock with this offset is ahead; 0 for an invalid offset, which the schema reports. */
export function aheadBy(at: Millis, offset: string): Millis {
  const shown = isDuration(offset) ? later(at, offset) : undefined;
  return shown === undefined ? 0 : shown - at;
}

/**
 * Returns the earliest instant at which a step can end, from the durations in its arguments; undefined if that is after the end of virtual
 * time.
 */
export function afterStep(schema: z.core.$ZodType, value: unknown, at: Millis): Millis | undefined {
  let end: Millis | undefined = at;
  for (const { text } of withMark(schema, value, 'isTimeTaken'))
    end = end === undefined ? undefined : nowAfter(end, text);
  return end;
}

/** Returns an instant plus a duration; undefined if the result is after the end of virtual time. */
export function nowAfter(at: Millis, duration: string): Millis | undefined {
  const end = later(at, duration);
  return end !== undefined && end <= lastNow ? end : undefined;
}

function later(at: Millis, duration: string): Millis | undefined {
  try {
    return addDuration(at, duration);
  } catch (error) {
    if (!(error instanceof OutsideCalendar)) throw error;
    return undefined;
  }
}

interface Marked {
  readonly text: string;
  readonly path: Path;
}

/** Returns every duration in a value whose schema has a certain metadata mark. Skips invalid durations, which the schema reports. */
function withMark(
  schema: z.core.$ZodType,
  value: unknown,
  mark: 'isValidity' | 'isTimeTaken',
  path: Path = [],
): readonly Marked[] {
  const inner = unwrap(schema);
  if (typeof value === 'string') {
    return metaOf(schema)[mark] === true && isDuration(value) ? [{ text: value, path }] : [];
  }
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((option) => withMark(option, value, mark, path));
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.flatMap((item, index) => withMark(inner.element, item, mark, [...path, index]));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([word, item]) => {
    const below = inner instanceof z.ZodObject ? ownWord(inner, word) : undefined;
    const named = inner instanceof z.ZodRecord ? inner.valueType : below;
    return named === undefined ? [] : withMark(named, item, mark, [...path, word]);
  });
}
