import { createHash } from 'node:crypto';
import { problems } from '../../../core/wire/problems.ts';
import type { LinkedHub } from '../hubs/linked-hubs.ts';
import type { AllocationPolicy } from './policy.ts';

/** Spreads devices by the weights of the hubs. */
export const hashed: AllocationPolicy = ({ claim, candidates }) => {
  const host = hashedHub(claim.registrationId, candidates);
  return host === undefined ? { kind: 'none', problem: problems.hubNotFound } : { kind: 'hub', host };
};

/**
 * The hub (host name) whose draw for this registration ID is highest, where a hub of weight w wins w times as often as
 * one of weight 1 (weighted rendezvous hashing). A device stays where it was as long as its hub is a candidate, and a hub
 * more or less moves only the devices that it takes or leaves. The real service's hash is not known; only that it is
 * stable and goes by weight.
 */
export function hashedHub(registrationId: string, hubs: readonly LinkedHub[]): string | undefined {
  const scored = hubs.map(({ host, weight }) => ({ host, score: -weight / Math.log(draw(registrationId, host)) }));
  return scored.toSorted((a, b) => b.score - a.score)[0]?.host;
}

/** A number between 0 and 1, neither of them, fixed by the two names. */
function draw(registrationId: string, host: string): number {
  const hash = createHash('sha256').update(`${registrationId.toLowerCase()}\n${host}`).digest();
  return (hash.readUIntBE(0, 6) + 0.5) / 2 ** 48;
}
