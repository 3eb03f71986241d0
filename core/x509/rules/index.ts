import { algorithmsStrong } from './algorithms-strong.ts';
import { basicConstraints } from './basic-constraints.ts';
import { certificatePolicies } from './certificate-policies.ts';
import { criticalExtensions } from './critical-extensions.ts';
import { extendedKeyUsage } from './extended-key-usage.ts';
import { keyUsage } from './key-usage.ts';
import { nameConstraints } from './name-constraints.ts';
import { pathLength } from './path-length.ts';
import type { PathRule } from './path-rule.ts';
import { validNow } from './valid-now.ts';

/**
 * The rules for a path whose signatures match, in the order in which they are checked. To add a rule, create a file and add a
 * line here.
 */
export const pathRules: readonly PathRule[] = [
  algorithmsStrong,
  validNow,
  basicConstraints,
  pathLength,
  keyUsage,
  extendedKeyUsage,
  nameConstraints,
  criticalExtensions,
  certificatePolicies,
];
