import { childrenOf, contextTag, expectTag, Malformed, readTagged, tags } from './der.ts';
import { readCount, readOid } from './der-values.ts';

/** After how many further certificates an explicit policy is asked for, and mappings stop to count (RFC 5280 4.2.1.11). */
export interface PolicyConstraints {
  readonly requireExplicitPolicy?: number;
  readonly inhibitPolicyMapping?: number;
}

/** The identifier that stands for every policy (RFC 5280 4.2.1.4). */
export const anyPolicy = '2.5.29.32.0';

/** @throws Malformed */
export function readPolicies(value: Buffer): string[] {
  const what = 'certificatePolicies';
  const policies = childrenOf(readTagged(value, tags.sequence, what), what).map((policy) =>
    readOid(childrenOf(expectTag(policy, tags.sequence, what), what)[0], what),
  );
  if (policies.length === 0 || new Set(policies).size < policies.length) {
    throw new Malformed(`${what} is empty or names a policy twice`);
  }
  return policies;
}

/** @throws Malformed */
export function readPolicyMappings(value: Buffer): { issuer: string; subject: string }[] {
  const what = 'policyMappings';
  return childrenOf(readTagged(value, tags.sequence, what), what).map((mapping) => {
    const [issuer, subject] = childrenOf(expectTag(mapping, tags.sequence, what), what);
    const pair = { issuer: readOid(issuer, what), subject: readOid(subject, what) };
    if (pair.issuer === anyPolicy || pair.subject === anyPolicy) throw new Malformed(`${what} maps anyPolicy`);
    return pair;
  });
}

/** @throws Malformed */
export function readPolicyConstraints(value: Buffer): PolicyConstraints {
  const what = 'policyConstraints';
  const fields = childrenOf(readTagged(value, tags.sequence, what), what);
  const explicit = fields.find(({ tag }) => tag === contextTag(0, 'primitive'));
  const mapping = fields.find(({ tag }) => tag === contextTag(1, 'primitive'));
  return {
    ...(explicit === undefined ? {} : { requireExplicitPolicy: readCount(explicit, what) }),
    ...(mapping === undefined ? {} : { inhibitPolicyMapping: readCount(mapping, what) }),
  };
}
