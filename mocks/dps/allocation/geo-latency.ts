import { problems } from '../../../core/wire/problems.ts';
import { hashedHub } from './hashed.ts';
import type { AllocationPolicy } from './policy.ts';

/** The hub with the lowest latency. Hubs that are equally near share the devices by their weights. */
export const geoLatency: AllocationPolicy = ({ claim, candidates }) => {
  const lowest = Math.min(...candidates.map(({ latencyMs }) => latencyMs));
  const nearest = candidates.filter(({ latencyMs }) => latencyMs === lowest);
  const host = hashedHub(claim.registrationId, nearest);
  return host === undefined ? { kind: 'none', problem: problems.hubNotFound } : { kind: 'hub', host };
};
