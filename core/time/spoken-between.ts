import type { Millis } from './clock.ts';
import { durationBetween } from './duration.ts';
import { spokenDuration } from './spoken-duration.ts';

/**
 * Formats the time from one instant to a later one in words, with its two largest units. Below 100 days, the largest unit is the day, because
 * authors write `P50D` and validity periods are counted in days; `1 month 19 days` would not tell them that it is the same time. Longer times
 * are in years and months of the calendar.
 */
export function spokenBetween(from: Millis, to: Millis): string {
  const seconds = Math.floor((to - from) / 1000);
  if (seconds < 0 || seconds >= daysUntil * daySeconds) return spokenDuration(durationBetween(from, to));
  const days = Math.floor(seconds / daySeconds);
  const rest = durationBetween(0, (seconds % daySeconds) * 1000).slice(1);
  return spokenDuration(`P${days}D${rest === 'T0S' ? '' : rest}`);
}

/** Number of days from which times are in months. */
export const daysUntil = 100;
const daySeconds = 86_400;
