import { createHash } from 'node:crypto';
import type { AllocationPolicy } from './policy.ts';

/**
 * Spreads devices evenly and keeps a device where it was as long as its hub is a candidate: the hub whose hash with the
 * registration ID is highest (rendezvous hashing). The real service's hash is not known; only its evenness and
 * stability are.
 */
export const hashed: AllocationPolicy = (registrationId, hubs) => {
  const scored = hubs.map((hub) => ({
    hub,
    score: createHash('sha256').update(`${registrationId.toLowerCase()}\n${hub}`).digest('hex'),
  }));
  return scored.toSorted((a, b) => (a.score < b.score ? 1 : -1))[0]?.hub;
};
