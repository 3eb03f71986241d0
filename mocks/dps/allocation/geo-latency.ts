import { problems } from '../../../core/wire/problems.ts';
import { hashedHub } from './hashed.ts';
import type { AllocationPolicy } from './policy.ts';

/** Chooses the hub with the lowest latency. Hubs with equal latency share the devices by weight. */
export const geoLatency: AllocationPolicy = ({ claim, candidates }) => {
  const lowest = Math.min(...candidates.map(({ latencyMs }) => latencyMs));
  const nearest = candidates.filter(({ latencyMs }) => latencyMs === lowest);
  const host = hashedHub(claim.registrationId, nearest);
  return host === undefined ? { kind: 'none', problem: problems.hubNotFound } : { kind: 'hub', host };
};
