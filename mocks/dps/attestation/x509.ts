import { defined } from '../../../core/defined.ts';
import { isoInstant, type Millis } from '../../../core/time/clock.ts';
import type { CheckId } from '../../../core/checks.ts';
import type { EnrollmentGroup, IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import { isValidAt } from '../../../core/rules/is-valid-at.ts';
import { problems, type Problem } from '../../../core/wire/problems.ts';
import { parseCertificate, type Certificate } from '../../../core/x509/certificate.ts';
import type { IsRuleDisabled } from '../../../core/x509/chain-rules.ts';
import { commonNameOf } from '../../../core/x509/name.ts';
import { isBroken } from '../../../core/x509/rules/path-rule.ts';
import { chainRules, verifyChain, type ChainRule, type ChainVerdict } from '../../../core/x509/verify.ts';
import { traceVerified, type CaCertificates } from '../ca-certificates.ts';
import { refused, type Circumstances, type Claim, type Finding } from '../claim.ts';
import { isNamedAfter } from './is-named-after.ts';
import { pinnedBy } from './pinned-by.ts';

/**
 * Verifies an individual X.509 attestation. The TLS handshake has already proved that the device has the private key.
 * The certificate must equal the enrolled certificate. It may be self-signed, because the service checks no chain.
 */
export function attestThumbprint(
  enrollment: IndividualEnrollment,
  claim: Claim,
  circumstances: Circumstances,
): Finding {
  const { trace, clock } = circumstances;
  const leaf = readLeaf(claim, circumstances);
  if (leaf === undefined || enrollment.attestation.type !== 'x509') return refused(problems.invalidCertificate);
  const { primary, secondary } = enrollment.attestation;
  const enrolled = [primary, ...(secondary === undefined ? [] : [secondary])].map(thumbprintOf);
  const known = enrolled.includes(leaf.thumbprintSha256);
  if (!trace.check('thumbprint-matches', known, enrolled.join(' or '), leaf.thumbprintSha256)) {
    return refused(problems.invalidCertificate);
  }
  const span = `${isoInstant(leaf.notBefore)} to ${isoInstant(leaf.notAfter)}`;
  const now: Millis = clock.now();
  const valid = isValidAt(leaf, now);
  if (!trace.check('certificate-valid-now', valid, span, isoInstant(now))) return refused(problems.invalidCertificate);
  return proved(enrollment, leaf);
}

/**
 * Finds the group whose CA is in the chain of a claim, and verifies the claim for it. If no group fits the chain,
 * refuses the claim with the most precise reason that the service knows.
 */
export function attestX509Group(
  claim: Claim,
  groups: readonly EnrollmentGroup[],
  circumstances: Circumstances,
): Finding {
  const { trace } = circumstances;
  const ofCa = groups.filter((group) => group.attestation.type !== 'symmetricKey');
  const { group, verdict } = groupOfChain(ofCa, claim, circumstances);
  if (group !== undefined) {
    trace.check(
      'enrollment-found',
      true,
      'the group whose CA is nearest to the leaf',
      `group ${group.enrollmentGroupId}`,
    );
    return attestChain(group, verdict, claim, circumstances);
  }
  // The chain contains the CA of no group. As for every certificate, the service checks the common name before it reports the missing CA.
  if (readLeaf(claim, circumstances) === undefined) return refused(problems.invalidCertificate);
  const expected = `an enrollment for ${claim.registrationId}, or a group whose CA is in its chain`;
  const ca = verifiedCaOf(claim, circumstances);
  if (ca !== undefined) {
    trace.check('enrollment-found', false, expected, `none; the chain ends in the verified CA ${ca}`);
    return refused(problems.unauthorizedAccess);
  }
  // If groups with other CAs exist, the recorded reason is more precise, but the answer stays the same.
  const problem = refused(problems.caCertificateNotFound);
  if (ofCa.length === 0) trace.check('enrollment-found', false, expected, 'none');
  else if (!traceMissingCa(ofCa, verdict, circumstances)) traceChain(verdict, circumstances);
  return problem;
}

/**
 * Finds the group of a chain: the group whose CA is nearest to the leaf. An invalid chain that reaches a group's CA also belongs to
 * that group, so that the answer can name the failed rule.
 */
function groupOfChain(
  groups: readonly EnrollmentGroup[],
  { credentials }: Claim,
  { clock, fidelity, caCertificates, trace }: Circumstances,
): { readonly group?: EnrollmentGroup; readonly verdict: ChainVerdict | undefined } {
  const [leaf, ...presented] = credentials.certificates;
  if (leaf === undefined) return { verdict: undefined };
  const isDisabled: IsRuleDisabled = (rule, depth) => trace.isDisabled(checkOf(rule, depth));
  const judge = (anchors: readonly Buffer[]): ChainVerdict =>
    verifyChain({
      leaf,
      presented,
      anchors,
      at: clock.now(),
      purpose: 'clientAuth',
      checkAnchorValidity: fidelity.expiredGroupCa === 'reject',
      ...defined({ isDisabled: trace.hasDisabledCheck ? isDisabled : undefined }),
    });
  let best: { group: EnrollmentGroup; verdict: ChainVerdict } | undefined;
  for (const group of groups) {
    const anchors = anchorsOf(group, caCertificates);
    if (anchors.length === 0) continue;
    const verdict = judge(anchors);
    if (best === undefined || isNearer(verdict, best.verdict)) best = { group, verdict };
  }
  // If no group has a CA, this verdict still shows how far the chain reaches.
  if (best === undefined) return { verdict: judge([]) };
  return reaches(best.verdict) ? best : { verdict: best.verdict };
}

/**
 * Verifies the attestation of a device whose certificate chains to the CA of a group.
 *
 * @param verdict result of the verification of the chain.
 */
function attestChain(
  group: EnrollmentGroup,
  verdict: ChainVerdict | undefined,
  claim: Claim,
  circumstances: Circumstances,
): Finding {
  const leaf = readLeaf(claim, circumstances);
  if (leaf === undefined) return refused(problems.invalidCertificate);
  const isCa = anchorsOf(group, circumstances.caCertificates).some((anchor) => anchor.equals(leaf.der));
  if (
    !circumstances.trace.check(
      'certificate-is-leaf',
      !isCa,
      "the device's own certificate",
      isCa ? "the group's CA" : 'its own',
    )
  ) {
    return refused(problems.chainMismatch);
  }
  const problem = traceChain(verdict, circumstances) ?? traceCa(group, verdict, claim, circumstances);
  return problem === undefined ? proved(group, leaf) : refused(problem);
}

/**
 * Returns the CA certificates of a group, except certificates that the service does not have. `traceCa` checks later whether the operator
 * has verified them.
 */
function anchorsOf({ attestation }: EnrollmentGroup, caCertificates: CaCertificates): readonly Buffer[] {
  if (attestation.type === 'symmetricKey') return [];
  const { primary, secondary } = attestation;
  const named = secondary === undefined ? [primary] : [primary, secondary];
  return named.flatMap((one) => (typeof one === 'string' ? (caCertificates.find(one)?.certificate.der ?? []) : [one]));
}

/**
 * If a group refers to a CA by name, checks that the operator has verified this CA. If the switch
 * `groupNeedsVerifiedRoot` is `yes`, a CA in the enrollment itself needs a verified root above it.
 */
function traceCa(
  { attestation }: EnrollmentGroup,
  verdict: ChainVerdict | undefined,
  claim: Claim,
  { trace, clock, fidelity, caCertificates }: Circumstances,
): Problem | undefined {
  if (attestation.type === 'caReference') {
    const top = verdict?.ok === true ? verdict.path.at(-1)?.thumbprintSha256 : undefined;
    const name =
      [attestation.primary, attestation.secondary].find(
        (one) => one !== undefined && caCertificates.find(one)?.certificate.thumbprintSha256 === top,
      ) ?? attestation.primary;
    return traceVerified(caCertificates.find(name), name, trace) ? undefined : problems.caCertificateNotFound;
  }
  if (attestation.type !== 'x509' || fidelity.groupNeedsVerifiedRoot === 'no') return undefined;
  const [leaf, ...presented] = claim.credentials.certificates;
  const { primary, secondary } = attestation;
  const above = verifyChain({
    leaf: leaf ?? Buffer.alloc(0),
    presented: [...presented, primary, ...(secondary === undefined ? [] : [secondary])],
    anchors: caCertificates.verified(),
    at: clock.now(),
    purpose: 'clientAuth',
    checkAnchorValidity: fidelity.expiredGroupCa === 'reject',
  });
  const found = above.ok ? (above.path.at(-1)?.subject ?? 'one') : 'none';
  return trace.check('ca-verified', above.ok, 'a verified CA at the top of the chain', found)
    ? undefined
    : problems.caCertificateNotFound;
}

/** Returns the subject of the root of a claim's chain if the root is a verified CA of the service; otherwise undefined. */
function verifiedCaOf({ credentials }: Claim, { clock, caCertificates }: Circumstances): string | undefined {
  const [leaf, ...presented] = credentials.certificates;
  const anchors = caCertificates.verified();
  if (leaf === undefined || anchors.length === 0) return undefined;
  const verdict = verifyChain({ leaf, presented, anchors, at: clock.now(), purpose: 'clientAuth' });
  return reaches(verdict) ? verdict.path.at(-1)?.subject : undefined;
}

/**
 * Finds a group that refers by name to a CA that the service does not have, although an issuer in the chain has this
 * name. If there is such a group, records the missing CA as the reason for the refusal and returns true.
 */
function traceMissingCa(
  groups: readonly EnrollmentGroup[],
  verdict: ChainVerdict | undefined,
  { trace, caCertificates }: Circumstances,
): boolean {
  if (verdict?.ok === false && verdict.rule === 'chain-within-bounds') return false;
  const issuers = new Set(verdict?.path.map(({ issuerName }) => commonNameOf(issuerName)?.toLowerCase()));
  for (const { attestation } of groups) {
    if (attestation.type !== 'caReference') continue;
    const missing = [attestation.primary, attestation.secondary].find(
      (name) => name !== undefined && caCertificates.find(name) === undefined && issuers.has(name.toLowerCase()),
    );
    if (missing !== undefined) return !traceVerified(undefined, missing, trace);
  }
  return false;
}

/** Records the verdict on a chain in the trace. Returns the problem for the answer; undefined if the chain is valid. */
function traceChain(verdict: ChainVerdict | undefined, { trace }: Circumstances): Problem | undefined {
  if (verdict === undefined) return problems.caCertificateNotFound;
  trace.setCertificates(verdict.path);
  for (const step of verdict.steps) {
    // `readLeaf` has already recorded the check `certificate-readable` for the leaf.
    if (!isBroken(step) && step.rule !== 'certificate-readable')
      trace.check(checkOf(step.rule, step.depth), step.passed, step.expected, step.found);
  }
  if (verdict.ok) return undefined;
  trace.check(checkOf(verdict.rule, verdict.depth), false, verdict.expected, verdict.found);
  return gapRules.includes(verdict.rule) ? problems.caCertificateNotFound : problems.invalidCertificate;
}

/** Reads the leaf of a claim and checks its common name. Returns undefined if a check failed. */
function readLeaf(claim: Claim, { trace, fidelity }: Circumstances): Certificate | undefined {
  const read = parseCertificate(claim.credentials.certificates[0] ?? Buffer.alloc(0));
  const found = read.ok ? read.value.subject : read.failure.sentence;
  if (!trace.check('certificate-readable', read.ok, 'an X.509 certificate', found)) return undefined;
  const certificate = read.ok ? read.value : undefined;
  if (certificate !== undefined) trace.setCertificates([certificate]);
  const name = certificate?.commonName;
  const same = isNamedAfter(name, claim.registrationId, fidelity);
  return trace.check('common-name-matches', same, claim.registrationId, name ?? 'no common name')
    ? certificate
    : undefined;
}

function proved(enrollment: IndividualEnrollment | EnrollmentGroup, leaf: Certificate): Finding {
  return {
    kind: 'proved',
    proof: {
      type: 'x509',
      enrollment,
      // The hub accepts only the certificate with which the device registered. After a renewal the device must register again.
      authentication: () => pinnedBy(leaf.thumbprintSha256),
      isSameDevice: ({ credentials }) => credentials.certificates[0]?.equals(leaf.der) ?? false,
    },
  };
}

function thumbprintOf(der: Buffer): string {
  const read = parseCertificate(der);
  return read.ok ? read.value.thumbprintSha256 : 'unreadable';
}

/** Returns true if a chain, valid or invalid, leads to a trusted certificate. */
function reaches(verdict: ChainVerdict): boolean {
  return verdict.ok || anchorDepth(verdict) < Infinity;
}

/** Returns the number of certificates between the leaf and the CA of the group. */
function anchorDepth({ steps }: ChainVerdict): number {
  return steps.find(({ rule, passed }) => rule === 'chain-trusted' && passed)?.depth ?? Infinity;
}

function isNearer(one: ChainVerdict, other: ChainVerdict): boolean {
  if (one.ok !== other.ok) return one.ok;
  if (anchorDepth(one) !== anchorDepth(other)) return anchorDepth(one) < anchorDepth(other);
  // Here both verdicts reach equally far. If both failed, the verdict that failed at the later rule is more informative.
  return !one.ok && !other.ok && ruleOrder.indexOf(one.rule) > ruleOrder.indexOf(other.rule);
}

const ruleOrder = Object.keys(chainRules);

/** The rules that a chain breaks if it does not lead to a CA of the service. */
const gapRules: readonly ChainRule[] = [
  'certificate-readable',
  'chain-within-bounds',
  'chain-complete',
  'chain-trusted',
];

function checkOf(rule: ChainRule, depth: number): CheckId {
  if (rule === 'valid-now') return depth === 0 ? 'certificate-valid-now' : 'ca-valid-now';
  // DPS does not verify in `strict` mode, because the real service accepts every chain that OpenSSL accepts.
  if (rule === 'certificate-profile')
    throw new Error('unexpected rule certificate-profile: it exists in strict mode only');
  return ruleChecks[rule];
}

const ruleChecks: Record<Exclude<ChainRule, 'valid-now' | 'certificate-profile'>, CheckId> = {
  'certificate-readable': 'certificate-readable',
  'chain-within-bounds': 'chain-within-bounds',
  'chain-complete': 'chain-complete',
  'chain-trusted': 'chain-trusted',
  'signatures-match': 'chain-signatures-match',
  'algorithms-strong': 'algorithms-strong',
  'basic-constraints': 'basic-constraints-hold',
  'path-length': 'path-length-holds',
  'key-usage': 'key-usage-allows',
  'extended-key-usage': 'extended-key-usage-allows',
  'name-constraints': 'names-permitted',
  'critical-extensions-known': 'critical-extensions-known',
  'certificate-policies': 'certificate-policies-hold',
};
