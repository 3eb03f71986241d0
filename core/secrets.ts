import { isoInstant } from './clock.ts';
import type { HistoryEvent, Party } from './history.ts';

/** A copy of a secret that came to a place, or was wiped from it. */
export interface SecretChange {
  /** Such as `private key of sensor-3`; the same name is the same secret wherever it lies. */
  readonly secret: string;
  /** Who can read it there. */
  readonly party: Party;
  /** A station, a device, `DPS`, `CA factory-ca`, … */
  readonly place: string;
  readonly change: 'held' | 'dropped';
}

/** A copy of a secret in one place, from when to when. */
export interface SecretHolding extends Omit<SecretChange, 'change'> {
  /** ISO 8601, as is `to`. */
  readonly from: string;
  /** Null where it lay there to the end. */
  readonly to: string | null;
}

/** Who could read which secret, where and when, in the order in which the copies came about. */
export function secretHoldings(events: readonly HistoryEvent[]): readonly SecretHolding[] {
  const holdings: SecretHolding[] = [];
  const open = new Map<string, number>();
  for (const event of events) {
    if (event.kind !== 'secret') continue;
    const { secret, party, place, change, at } = event;
    const copy = JSON.stringify([secret, party, place]);
    const index = open.get(copy);
    if (change === 'held' && index === undefined) {
      open.set(copy, holdings.length);
      holdings.push({ secret, party, place, from: isoInstant(at), to: null });
    }
    const held = index === undefined ? undefined : holdings[index];
    if (change === 'dropped' && index !== undefined && held !== undefined) {
      open.delete(copy);
      holdings[index] = { ...held, to: isoInstant(at) };
    }
  }
  return holdings;
}
