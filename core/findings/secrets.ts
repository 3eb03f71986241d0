import { isoInstant } from '../time/clock.ts';
import type { HistoryEvent, Party } from '../history/events.ts';

/** What a secret is for, which decides who has to know it. */
export const secretSorts = [
  /** The private key of a certificate of a device. */
  'private-key',
  /** The key by which one device is known to DPS. */
  'symmetric-key',
  /** The key of an enrollment group, from which those of its devices are derived. */
  'group-key',
  /** A symmetric key that was made for many. */
  'shared-key',
  'ca-key',
  /** What a TPM makes its endorsement key from. */
  'tpm-seed',
  /** The key by which a device with a TPM is known to its hub. */
  'hub-key',
  /** The key of a shared access policy of DPS. */
  'access-key',
] as const;

/** A copy of a secret that came to a place, or was wiped from it. */
export interface SecretChange {
  /** Such as `private key of sensor-3`; the same name is the same secret wherever it lies. */
  readonly secret: string;
  readonly sort: (typeof secretSorts)[number];
  /** Who has the place, and can read it there unless it is sealed. */
  readonly party: Party;
  /** A station, a device, `DPS`, `CA factory-ca`, … */
  readonly place: string;
  /** It lies in a part that works with it and gives it to nobody. */
  readonly sealed?: true;
  readonly change: 'held' | 'dropped';
}

/** A copy of a secret in one place, from when to when. */
export interface SecretHolding extends Omit<SecretChange, 'change'> {
  /** ISO 8601, as is `to`. */
  readonly from: string;
  /** Null where it lay there to the end. */
  readonly to: string | null;
}

/** Who had which secret, where and when, in the order in which the copies came about. */
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
      const kept = sealed === undefined ? {} : { sealed };
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
