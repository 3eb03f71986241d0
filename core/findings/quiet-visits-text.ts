import type { HistoryEvent } from '../history/events.ts';

/** Returns a sentence with the number of simulated visits that a hub accepted without a connection. */
export function quietVisitsText({ hub, visits }: HistoryEvent & { kind: 'quiet-visits' }): string {
  return `${hub} accepted ${visits} ${visits === 1 ? 'visit' : 'visits'} under the same conditions as the visit before`;
}
