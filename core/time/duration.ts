import { Temporal } from 'temporal-polyfill';
import { OutsideCalendar } from './calendar.ts';
import type { Millis } from './clock.ts';

/**
 * Adds an ISO 8601 duration to an instant, by the calendar in UTC: 31 January plus `P1M` is the last day of February.
 *
 * @param duration such as `P11M`, `P90D`, `PT15M` or `-P1D`, for which `isDuration` is true.
 * @throws OutsideCalendar if the result is more than about 275,000 years from today.
 */
export function addDuration(instant: Millis, duration: string): Millis {
  const added = Temporal.Duration.from(duration);
  try {
    const start = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO('UTC');
    return start.add(added).epochMilliseconds;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new OutsideCalendar(`${duration} ends outside the calendar; write a shorter duration`, {
      cause: error,
    });
  }
}

/** Returns true if `text` is an ISO 8601 duration. */
export function isDuration(text: string): boolean {
  try {
    Temporal.Duration.from(text);
    return true;
  } catch {
    return false;
  }
}

/** Returns the time from one instant to a later one as an ISO 8601 duration in years down to seconds, such as `P11M2D`. */
export function durationBetween(from: Millis, to: Millis): string {
  const start = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO('UTC');
  const end = Temporal.Instant.fromEpochMilliseconds(to).toZonedDateTimeISO('UTC');
  return start.until(end, { largestUnit: 'years', smallestUnit: 'seconds' }).toString();
}
