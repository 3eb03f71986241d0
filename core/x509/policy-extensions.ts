import { defined } from '../defined.ts';
import { childrenOf, contextTag, expectTag, Malformed, optionalFields, readTagged, tags, type Der } from './der/der.ts';
import { readCount, readOid } from './der/der-values.ts';

/**
 * Number of further certificates after which an explicit policy is required, or after which policy mapping is inhibited (RFC
 * 5280 4.2.1.11).
 */
export interface PolicyConstraints {
  readonly requireExplicitPolicy?: number;
  readonly inhibitPolicyMapping?: number;
}

/** The identifier that means any policy (RFC 5280 4.2.1.4). */
export const anyPolicy = '2.5.29.32.0';

/** @throws Malformed */
export function readPolicies(value: Buffer): string[] {
  const what = 'certificatePolicies';
  const policies = childrenOf(readTagged(value, tags.sequence, what), what).map((policy) => {
    const [id, qualifiers, ...more] = childrenOf(expectTag(policy, tags.sequence, what), what);
    if (more.length > 0) throw new Malformed(`${what} has a policy with an extra element`);
    if (qualifiers !== undefined) checkQualifiers(qualifiers, what);
    return readOid(id, what);
  });
  if (policies.length === 0 || new Set(policies).size < policies.length) {
    throw new Malformed(`${what} is empty or names a policy twice`);
  }
  return policies;
}

/**
 * Checks PolicyQualifierInfo: a CPS pointer is an IA5String, a user notice is a SEQUENCE. Does not check other kinds.
 */
function checkQualifiers(list: Der, what: string): void {
  for (const qualifier of childrenOf(expectTag(list, tags.sequence, what), what)) {
    const [kind, value, ...more] = childrenOf(expectTag(qualifier, tags.sequence, what), what);
    if (value === undefined || more.length > 0)
      throw new Malformed(`${what} has a qualifier that is not a pair of identifier and value`);
    const wanted = qualifierTags[readOid(kind, what)];
    if (wanted !== undefined) expectTag(value, wanted, `a qualifier of ${what}`);
  }
}

/** Required types for the qualifiers id-qt-cps and id-qt-unotice (RFC 5280 4.2.1.4). */
const qualifierTags: Readonly<Record<string, number>> = {
  '1.3.6.1.5.5.7.2.1': tags.ia5String,
  '1.3.6.1.5.5.7.2.2': tags.sequence,
};

/** @throws Malformed */
export function readPolicyMappings(value: Buffer): { issuer: string; subject: string }[] {
  const what = 'policyMappings';
  return childrenOf(readTagged(value, tags.sequence, what), what).map((mapping) => {
    const [issuer, subject, ...more] = childrenOf(expectTag(mapping, tags.sequence, what), what);
    if (more.length > 0) throw new Malformed(`${what} has a mapping with an extra element`);
    const pair = { issuer: readOid(issuer, what), subject: readOid(subject, what) };
    if (pair.issuer === anyPolicy || pair.subject === anyPolicy) throw new Malformed(`${what} maps anyPolicy`);
    return pair;
  });
}

/** @throws Malformed */
export function readPolicyConstraints(value: Buffer): PolicyConstraints {
  const what = 'policyConstraints';
  const order = [contextTag(0, 'primitive'), contextTag(1, 'primitive')];
  const [explicit, mapping] = optionalFields(readTagged(value, tags.sequence, what), order, what);
  if (explicit === undefined && mapping === undefined)
    throw new Malformed(`${what} is empty, which RFC 5280 4.2.1.11 forbids`);
  return {
    ...defined({
      requireExplicitPolicy: explicit && readCount(explicit, what),
      inhibitPolicyMapping: mapping && readCount(mapping, what),
    }),
  };
}
