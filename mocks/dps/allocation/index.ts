import type { AllocationPolicyName } from '../../../core/wire/enrollment.ts';
import { custom } from './custom.ts';
import { geoLatency } from './geo-latency.ts';
import { hashed } from './hashed.ts';
import type { AllocationPolicy } from './policy.ts';
import { staticHub } from './static.ts';

/** The allocation policies by their name in an enrollment. */
export const allocationPolicies: Readonly<Record<AllocationPolicyName, AllocationPolicy>> = {
  hashed,
  geoLatency,
  static: staticHub,
  custom,
};
