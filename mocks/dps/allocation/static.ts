import { problems } from '../../../core/wire/problems.ts';
import type { AllocationPolicy } from './policy.ts';

/** Chooses the one hub that the enrollment names. If the enrollment names none, registrations fail with `hubNotSpecified`. */
export const staticHub: AllocationPolicy = ({ proof, candidates }) => {
  if (proof.enrollment.hubs.length !== 1) return { kind: 'none', problem: problems.hubNotSpecified };
  const [only] = candidates;
  return only === undefined ? { kind: 'none', problem: problems.hubNotFound } : { kind: 'hub', host: only.host };
};
