import { never } from '../../history/events.ts';
import { spokenDuration } from '../../time/spoken-duration.ts';

/**
 * Returns the time from a defence to its effect as text: `never`, `at once` or `after 3 days`.
 *
 * @param time ISO 8601 duration, or `never`.
 */
export function effectTime(time: string): string {
  if (time === never) return never;
  return time === 'PT0S' ? 'at once' : `after ${spokenDuration(time)}`;
}
