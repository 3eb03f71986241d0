import type { SecretHolding } from './secrets.ts';

export const secretFlags = ['needless', 'stolen'] as const;

/** A holding with what is wrong with it, if anything is. */
export interface FlaggedHolding extends SecretHolding {
  readonly flag?: (typeof secretFlags)[number];
}

/**
 * Marks the copies that should not be where they are. In this order:
 *
 * - What an attacker has is `stolen`.
 * - What lies in a device after it lay in another one is `needless`, sealed or not: one can pass for the other.
 * - What is sealed is read by nobody and says nothing else.
 * - What lies with somebody who does not have to know a secret of its sort (`needs` below) is `needless`, however short it
 *   was there.
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

/** Who has to know a secret. The maker is who had it first, in the place where that was. */
type Knower = 'device' | 'operator' | 'maker';

const needs: Readonly<Record<SecretHolding['sort'], readonly Knower[]>> = {
  // A device can make its key itself; whoever made or installed it for the device could have kept it.
  'private-key': ['device'],
  // DPS compares what is signed with it.
  'symmetric-key': ['device', 'operator'],
  // Keys that are derived from it can be handed out instead.
  'group-key': ['operator'],
  // In a device it is the key of all the others as well.
  'shared-key': ['maker', 'operator'],
  // A line can ask the CA.
  'ca-key': ['maker'],
  'tpm-seed': ['device'],
  'hub-key': ['device', 'operator'],
  // Whoever is to enroll can hand over what is to be enrolled.
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
