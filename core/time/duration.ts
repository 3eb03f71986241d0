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
  const fixedMs = fixedLength(duration);
  const end = fixedMs === undefined ? Number.NaN : instant + fixedMs;
  if (Number.isInteger(end) && Math.max(Math.abs(instant), Math.abs(end)) <= instantLimit) return end;
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

/**
 * Returns the milliseconds of a duration that is equally long at every instant: days have 24 hours in UTC. Undefined
 * for years, months, weeks and fractions of a millisecond. Every new token needs this length, and the calculation by
 * calendar is slow.
 */
export function fixedLength(duration: string): number | undefined {
  if (fixedLengths.has(duration)) return fixedLengths.get(duration);
  const read = Temporal.Duration.from(duration);
  const isFixed = read.years === 0 && read.months === 0 && read.weeks === 0;
  const ms = isFixed ? read.total('milliseconds') : undefined;
  if (fixedLengths.size === fixedLengthsKept) fixedLengths.clear();
  fixedLengths.set(duration, Number.isInteger(ms) ? ms : undefined);
  return fixedLengths.get(duration);
}

const fixedLengths = new Map<string, number | undefined>();
/** Limits memory. */
const fixedLengthsKept = 1000;
/** The last instant of the calendar, in milliseconds (ECMA-262 21.4.1.1). */
const instantLimit = 8.64e15;

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
  const lengthMs = to - from;
  // A time shorter than every month contains only days and smaller units. The general calculation below is about a
  // hundred times slower.
  if (lengthMs >= 0 && lengthMs < 28 * dayMs) return shortDuration(Math.floor(lengthMs / 1000));
  const start = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO('UTC');
  const end = Temporal.Instant.fromEpochMilliseconds(to).toZonedDateTimeISO('UTC');
  return start.until(end, { largestUnit: 'years', smallestUnit: 'seconds' }).toString();
}

/** Formats a number of seconds below 28 days. */
function shortDuration(seconds: number): string {
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 3600) % 24, 'H'],
    [Math.floor(seconds / 60) % 60, 'M'],
    [seconds % 60, 'S'],
  ];
  const days = Math.floor(seconds / 86_400);
  const time = parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('');
  if (days === 0) return `PT${time || '0S'}`;
  return `P${days}D${time === '' ? '' : `T${time}`}`;
}

const dayMs = 86_400_000;
