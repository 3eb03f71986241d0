import { z } from 'zod';
import { firstInstant, lastInstant, OutsideCalendar } from '../time/calendar.ts';
import { addDuration, isDuration } from '../time/duration.ts';
import { suggestedDuration } from '../time/suggested-duration.ts';

/** Schema of an ISO 8601 duration that is not negative, such as P11M or PT15M. */
export function duration(description: string): z.ZodString {
  return anyDuration()
    .refine((text) => durationLength(text) >= 0, {
      error: 'this duration must not be negative; expected a duration such as P11M',
    })
    .meta({ description, examples: ['P11M', 'P90D', 'PT15M'] });
}

/** Schema of a positive or negative ISO 8601 duration that is not longer than the calendar. */
export function anyDuration(): z.ZodString {
  return z
    .string()
    .refine(isDuration, { error: ({ input }) => notDuration(String(input)), abort: true })
    .refine((text) => Math.abs(durationLength(text)) <= lastInstant - firstInstant, {
      error: 'expected a duration of at most 8000 years, since dates end with the year 9999',
      abort: true,
    });
}

function notDuration(text: string): string {
  const suggestion = suggestedDuration(text);
  const hint = suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`;
  return `expected an ISO 8601 duration such as P11M, P90D or PT15M${hint}`;
}

/**
 * Returns the length of an ISO 8601 duration in milliseconds, counted from 1970; infinity if the end is outside the calendar.
 */
export function durationLength(text: string): number {
  try {
    return addDuration(0, text);
  } catch (error) {
    if (!(error instanceof OutsideCalendar)) throw error;
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
}
