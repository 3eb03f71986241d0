import type { Certificate } from '../certificate.ts';
import { anyPolicy } from '../policy-extensions.ts';
import { failedStep, passedStep, type PathRule } from './path-rule.ts';

/**
 * RFC 5280 6.1.3 (d) to (f), 6.1.4 (a), (b), (h) to (j) and 6.1.5, with any-policy as the initial policy set: a chain
 * fails only if a CA requires an explicit policy. The code stores each level of the policy tree as the set of its
 * expected policies. These sets are enough to detect an empty tree, and an attacker cannot make them grow (compare the
 * policy graph of RFC 9618).
 */
export const certificatePolicies: PathRule = (judged) => {
  const below = [...judged.path.entries()].slice(0, -1).toReversed();
  const state: PolicyState = {
    expected: new Set([anyPolicy]),
    untilExplicit: below.length + 1,
    untilNoMapping: below.length + 1,
    untilNoAny: below.length + 1,
  };
  for (const [depth, certificate] of below) {
    acceptPolicies(state, certificate, depth === 0);
    if (state.untilExplicit === 0 && state.expected.size === 0) return [missingAt(depth, certificate)];
    if (depth > 0) prepareNext(state, certificate);
    else if (state.untilExplicit <= 1 || certificate.policyConstraints?.requireExplicitPolicy === 0) {
      if (state.expected.size === 0) return [missingAt(depth, certificate)];
    }
  }
  const found =
    state.expected.size === 0
      ? 'none'
      : [...state.expected].map((policy) => (policy === anyPolicy ? 'any' : policy)).join(', ');
  return [passedStep('certificate-policies', judged, 'a policy if one is required', found)];
};

/** The counters of 6.1.2 (d) to (f): numbers of certificates until the requirement or the prohibition begins. */
interface PolicyState {
  expected: ReadonlySet<string>;
  untilExplicit: number;
  untilNoMapping: number;
  untilNoAny: number;
}

function missingAt(depth: number, { subject, policies }: Certificate): ReturnType<typeof failedStep> {
  const found = `${subject || 'the leaf'}: ${policies?.join(', ') ?? 'none'}`;
  return failedStep('certificate-policies', depth, 'a certificate policy that every CA above it also has', found);
}

function acceptPolicies(state: PolicyState, { policies, selfIssued }: Certificate, isLeaf: boolean): void {
  const { expected } = state;
  const named = (policies ?? []).filter(
    (policy) => policy !== anyPolicy && (expected.has(policy) || expected.has(anyPolicy)),
  );
  const acceptsAny = policies?.includes(anyPolicy) === true && (state.untilNoAny > 0 || (selfIssued && !isLeaf));
  state.expected = new Set([...named, ...(acceptsAny ? expected : [])]);
}

function prepareNext(state: PolicyState, certificate: Certificate): void {
  const { policyMappings = [], policyConstraints, inhibitAnyPolicy, selfIssued } = certificate;
  const issuers = new Set(policyMappings.map(({ issuer }) => issuer));
  const unmapped = [...state.expected].filter((policy) => !issuers.has(policy));
  const accepts = (policy: string): boolean => state.expected.has(policy) || state.expected.has(anyPolicy);
  const mapped = policyMappings
    .filter(({ issuer }) => state.untilNoMapping > 0 && accepts(issuer))
    .map(({ subject }) => subject);
  state.expected = new Set([...unmapped, ...mapped]);
  const step = selfIssued ? 0 : 1;
  const next = (left: number, required: number | undefined): number =>
    Math.min(Math.max(0, left - step), required ?? Infinity);
  state.untilExplicit = next(state.untilExplicit, policyConstraints?.requireExplicitPolicy);
  state.untilNoMapping = next(state.untilNoMapping, policyConstraints?.inhibitPolicyMapping);
  state.untilNoAny = next(state.untilNoAny, inhibitAnyPolicy);
}
