import { defined } from '../defined.ts';
import { isoInstant } from '../time/clock.ts';
import type { HistoryEvent, SecretChange } from '../history/events.ts';

/** A copy of a secret in one location, and the period in which the location contained the copy. */
export interface SecretHolding extends Omit<SecretChange, 'change'> {
  /** Time at which the copy was stored, in ISO 8601. `to` has the same format. */
  readonly from: string;
  /** Time at which the copy was deleted. Null if the copy still existed at the end of the run. */
  readonly to: string | null;
}

/** Returns every copy of every secret with its party, location and period. The oldest copy comes first. */
export function secretHoldings(events: readonly HistoryEvent[]): readonly SecretHolding[] {
  const holdings: SecretHolding[] = [];
  const open = new Map<string, number>();
  for (const event of events) {
    if (event.kind !== 'secret') continue;
    const { secret, sort, party, place, sealed, change, at } = event;
    const copy = JSON.stringify([secret, party, place, sealed]);
    const index = open.get(copy);
    if (change === 'held' && index === undefined) {
      open.set(copy, holdings.length);
      const kept = defined({ sealed });
      holdings.push({ secret, sort, party, place, ...kept, from: isoInstant(at), to: null });
    }
    const held = index === undefined ? undefined : holdings[index];
    if (change === 'dropped' && index !== undefined && held !== undefined) {
      open.delete(copy);
      holdings[index] = { ...held, to: isoInstant(at) };
    }
  }
  return holdings;
}
