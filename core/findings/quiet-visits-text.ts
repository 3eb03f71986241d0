import type { HistoryEvent } from '../history/events.ts';

/** Returns a sentence with the number of simulated visits that a hub accepted without a connection. */
export function quietVisitsText({ hub, visits }: HistoryEvent & { kind: 'quiet-visits' }): string {
  return `${hub} accepted the device ${visits} more ${visits === 1 ? 'time' : 'times'} under the same conditions as before`;
}
