import { Temporal } from 'temporal-polyfill';
import { OutsideCalendar } from './calendar.ts';
import type { Millis } from './clock.ts';

/**
 * The instant one ISO 8601 duration after another instant, by the calendar in UTC: `P1M` after 31 January is the last
 * day of February.
 *
 * @param duration for instance `P11M`, `P90D`, `PT15M`, `-P1D`; must have passed `isDuration`.
 * @throws OutsideCalendar if the instant is more than some 275,000 years from today.
 */
export function addDuration(instant: Millis, duration: string): Millis {
  const added = Temporal.Duration.from(duration);
  try {
    const start = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO('UTC');
    return start.add(added).epochMilliseconds;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new OutsideCalendar(`${duration} leads past the years of the calendar; write a shorter duration`, {
      cause: error,
    });
  }
}

/** Whether `text` is an ISO 8601 duration. */
export function isDuration(text: string): boolean {
  try {
    Temporal.Duration.from(text);
    return true;
  } catch {
    return false;
  }
}

/** The time from one instant to a later one as ISO 8601, in years down to seconds: `P11M2D`. */
export function durationBetween(from: Millis, to: Millis): string {
  const start = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO('UTC');
  const end = Temporal.Instant.fromEpochMilliseconds(to).toZonedDateTimeISO('UTC');
  return start.until(end, { largestUnit: 'years', smallestUnit: 'seconds' }).toString();
}
