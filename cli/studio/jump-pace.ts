import type { Millis } from '../../core/time/clock.ts';
import type { Pace } from '../../reports/html/studio-api.ts';

/**
 * Returns how many real milliseconds a jump of the clock lasts at a pace of the play; 0 for no wait. At the pace `by-event`, a jump is a
 * short animation, a second for each month, because the audience looks at the events and not at the calendar.
 */
export function jumpMillis(pace: Pace, from: Millis, to: Millis): number {
  if (pace.kind === 'by-time') return ((to - from) / pace.millisPerSecond) * 1000;
  if (pace.kind !== 'by-event' || to - from < hour) return 0;
  return Math.min(longestMs, Math.max(shortestMs, ((to - from) / (30 * day)) * 1000));
}

const hour = 3_600_000;
const day = 24 * hour;
const shortestMs = 800;
const longestMs = 3000;
