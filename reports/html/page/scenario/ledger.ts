import type { HistoryEvent } from '../../../../core/history/events.ts';
import type { SecretChange } from '../../../../core/history/events.ts';

/** A copy of a secret in one secret location, such as the flash of a device. */
export type Copy = Omit<SecretChange, 'change'>;

/** Returns the copies that exist before the event with the index `end`, in the order of creation. */
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

/** Returns a key that identifies a copy. */
export function copyKey({ secret, party, place, sealed }: Copy): string {
  return JSON.stringify([secret, party, place, sealed]);
}
