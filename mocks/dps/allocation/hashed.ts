import { createHash } from 'node:crypto';
import { problems } from '../../../core/wire/problems.ts';
import type { LinkedHub } from '../hubs/linked-hubs.ts';
import type { AllocationPolicy } from './policy.ts';

/** Distributes the devices over the hubs in proportion to the weights of the hubs. */
export const hashed: AllocationPolicy = ({ claim, candidates }) => {
  const host = hashedHub(claim.registrationId, candidates);
  return host === undefined ? { kind: 'none', problem: problems.hubNotFound } : { kind: 'hub', host };
};

/**
 * Returns the host name of the hub with the highest score for this registration ID. A hub of weight w is chosen w times
 * as often as one of weight 1 (weighted rendezvous hashing). Adding or removing a hub moves only the devices of that
 * hub. Azure documents that the choice is stable and respects the weights, but does not document the hash function.
 */
export function hashedHub(registrationId: string, hubs: readonly LinkedHub[]): string | undefined {
  const scored = hubs.map(({ host, weight }) => ({ host, score: -weight / Math.log(draw(registrationId, host)) }));
  return scored.toSorted((a, b) => b.score - a.score)[0]?.host;
}

/** Returns a number between 0 and 1 (both excluded) that is derived from the registration ID and the host. */
function draw(registrationId: string, host: string): number {
  const hash = createHash('sha256').update(`${registrationId.toLowerCase()}\n${host}`).digest();
  return (hash.readUIntBE(0, 6) + 0.5) / 2 ** 48;
}
