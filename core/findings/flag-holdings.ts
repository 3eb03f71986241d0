import type { SecretHolding } from './secrets.ts';

export const secretFlags = ['needless', 'stolen'] as const;

/** A copy of a secret, with a flag if the location of the copy should not contain the secret. */
export interface FlaggedHolding extends SecretHolding {
  readonly flag?: (typeof secretFlags)[number];
}

/**
 * Flags each copy in a location that should not contain the secret. The first rule that applies decides:
 *
 * - A copy of an attacker is `stolen`.
 * - A copy in a device is `needless` if another device had the secret before, sealed or not: each can impersonate the
 *   other.
 * - A sealed copy is not flagged, since no party can read it.
 * - A copy of a party that does not need secrets of this sort (`needs` below) is `needless`, even if the party had it
 *   only for a moment.
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
 * The roles that can need a secret. `maker` is the party that generated the secret. The role applies only at the
 * location where this party generated the secret.
 */
type Knower = 'device' | 'operator' | 'maker';

const needs: Readonly<Record<SecretHolding['sort'], readonly Knower[]>> = {
  // A device can generate its own key. Any other party that generates or installs the key could keep a copy.
  'private-key': ['device'],
  // DPS needs this key to verify the tokens of the device.
  'symmetric-key': ['device', 'operator'],
  // A station does not need the group key, because the operator can send the derived keys to the station.
  'group-key': ['operator'],
  // The shared key in one device is the key of all devices, so no device should have it.
  'shared-key': ['maker', 'operator'],
  // A production line does not need the CA key, because it can request certificates from the CA.
  'ca-key': ['maker'],
  'tpm-seed': ['device'],
  'hub-key': ['device', 'operator'],
  // Other parties do not need this key to enroll devices: they can send the public data to the operator.
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
