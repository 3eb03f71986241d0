import type { SecretHolding } from './secrets.ts';

export const secretFlags = ['needless', 'stolen'] as const;

/** A copy of a secret, flagged if it should not be where it is. */
export interface FlaggedHolding extends SecretHolding {
  readonly flag?: (typeof secretFlags)[number];
}

/**
 * Flags the copies that should not be where they are. The first rule that applies decides:
 *
 * - A copy of an attacker is `stolen`.
 * - A copy in a device is `needless` if another device had the secret before, sealed or not: each can impersonate the other.
 * - A sealed copy is not flagged, since no party can read it.
 * - A copy of a party that does not need secrets of this sort (`needs` below) is `needless`, even if the party had it only for a
 * moment.
 */
export function flagHoldings(holdings: readonly SecretHolding[]): readonly FlaggedHolding[] {
  const first = new Map<string, SecretHolding>();
  const firstDevice = new Map<string, string>();
  for (const holding of holdings) {
    const { secret, party, place } = holding;
    if (!first.has(secret)) first.set(secret, holding);
    if (party === 'device' && !firstDevice.has(secret)) firstDevice.set(secret, place);
  }
  return holdings.map((holding) => {
    if (holding.party === 'attacker') return { ...holding, flag: 'stolen' };
    const { secret, party, place } = holding;
    const strays = party === 'device' && firstDevice.get(secret) !== place;
    const isNeeded = holding.sealed === true || hasNeed(holding, first.get(secret));
    return strays || !isNeeded ? { ...holding, flag: 'needless' } : holding;
  });
}

/**
 * The parties that need a secret, by its sort. The maker is the party that generated the secret, at the place of its generation.
 */
type Knower = 'device' | 'operator' | 'maker';

const needs: Readonly<Record<SecretHolding['sort'], readonly Knower[]>> = {
  // A device can make its key itself. A party that makes or installs the key could keep a copy.
  'private-key': ['device'],
  // DPS verifies tokens that are signed with this key.
  'symmetric-key': ['device', 'operator'],
  // A station can get derived keys instead of the group key.
  'group-key': ['operator'],
  // A device that has the shared key has the keys of all other devices.
  'shared-key': ['maker', 'operator'],
  // A line can request certificates from the CA.
  'ca-key': ['maker'],
  'tpm-seed': ['device'],
  'hub-key': ['device', 'operator'],
  // The party that enrolls devices can get the public data instead.
  'access-key': ['operator'],
};

function hasNeed({ sort, party, place }: SecretHolding, first: SecretHolding | undefined): boolean {
  const knows: Readonly<Record<Knower, boolean>> = {
    device: party === 'device',
    operator: party === 'cloud-operator',
    maker: party === first?.party && place === first.place,
  };
  return needs[sort].some((knower) => knows[knower]);
}
