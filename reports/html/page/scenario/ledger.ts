import type { HistoryEvent } from '../../../../core/history/events.ts';
import type { SecretChange } from '../../../../core/history/events.ts';

/** A copy of a secret that lies somewhere. */
export type Copy = Omit<SecretChange, 'change'>;

/** The copies that there are right before the event at `end`, in the order in which they came about. */
export function ledgerBefore(history: readonly HistoryEvent[], end: number): readonly Copy[] {
  const copies = new Map<string, Copy>();
  for (const event of history.slice(0, end)) {
    if (event.kind !== 'secret') continue;
    const { secret, sort, party, place, sealed } = event;
    const key = copyKey(event);
    if (event.change === 'dropped') copies.delete(key);
    else if (!copies.has(key)) copies.set(key, { secret, sort, party, place, ...(sealed ? { sealed } : {}) });
  }
  return [...copies.values()];
}

/** The same copy has the same key. */
export function copyKey({ secret, party, place, sealed }: Copy): string {
  return JSON.stringify([secret, party, place, sealed]);
}
