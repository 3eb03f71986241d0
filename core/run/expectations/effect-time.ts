import { never } from '../../history/events.ts';
import { spokenDuration } from '../../time/spoken-duration.ts';

/** Words the time from a defence to its effect, an ISO 8601 duration or `never`: `never`, `at once` or `after 3 days`. */
export function effectTime(time: string): string {
  if (time === never) return never;
  return time === 'PT0S' ? 'at once' : `after ${spokenDuration(time)}`;
}
