import { problems } from '../../../core/problems.ts';
import type { AllocationPolicy } from './policy.ts';

/** The one hub that the enrollment names. */
export const staticHub: AllocationPolicy = ({ proof, candidates }) => {
  const [only] = candidates;
  return proof.enrollment.hubs.length === 1 && only !== undefined
    ? { kind: 'hub', host: only.host }
    : { kind: 'none', problem: problems.hubNotSpecified };
};
