import { hashed } from './hashed.ts';
import type { AllocationPolicy } from './policy.ts';
import { staticHub } from './static.ts';

/** Allocation policies by the name that an enrollment uses. */
export const allocationPolicies: Readonly<Record<'hashed' | 'static', AllocationPolicy>> = {
  hashed,
  static: staticHub,
};
