import { problems } from '../../../core/wire/problems.ts';
import type { AllocationPolicy } from './policy.ts';

/** The one hub that the enrollment names. An enrollment may name none: then its devices are told so when they register. */
export const staticHub: AllocationPolicy = ({ proof, candidates }) => {
  if (proof.enrollment.hubs.length !== 1) return { kind: 'none', problem: problems.hubNotSpecified };
  const [only] = candidates;
  return only === undefined ? { kind: 'none', problem: problems.hubNotFound } : { kind: 'hub', host: only.host };
};
