import { isoInstant, type Millis } from '../../../core/time/clock.ts';
import type { CheckId } from '../../../core/checks.ts';
import type { EnrollmentGroup, IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import { problems, type Problem } from '../../../core/wire/problems.ts';
import { parseCertificate, type Certificate } from '../../../core/x509/certificate.ts';
import { commonNameOf } from '../../../core/x509/name.ts';
import { isBroken } from '../../../core/x509/rules/path-rule.ts';
import { chainRules, verifyChain, type ChainRule, type ChainVerdict } from '../../../core/x509/verify.ts';
import { traceVerified, type CaCertificates } from '../ca-certificates.ts';
import { refused, type Circumstances, type Claim, type Finding } from './attestation.ts';
import { isNamedAfter } from './is-named-after.ts';
import { pinnedBy } from '../../hub/pinned-by.ts';

/**
 * The device proves that it holds the private key of a certificate, in the TLS handshake that is already behind us. Here
 * the certificate is the enrolled one to the byte: no chain is looked at, and it may be self-signed.
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
  const valid = leaf.notBefore <= now && now <= leaf.notAfter;
  if (!trace.check('certificate-valid-now', valid, span, isoInstant(now))) return refused(problems.invalidCertificate);
  return proved(enrollment, leaf);
}

/**
 * The group that a chain belongs to: the one whose CA is nearest to the leaf. A chain that reaches a group but breaks a
 * rule on the way belongs to it too, so that the answer can name the rule.
 */
export function groupOfChain(
  groups: readonly EnrollmentGroup[],
  { credentials }: Claim,
  { clock, fidelity, caCertificates, trace }: Circumstances,
): { readonly group?: EnrollmentGroup; readonly verdict: ChainVerdict | undefined } {
  const [leaf, ...presented] = credentials.certificates;
  if (leaf === undefined) return { verdict: undefined };
  const judge = (anchors: readonly Buffer[]): ChainVerdict =>
    verifyChain({
      leaf,
      presented,
      anchors,
      at: clock.now(),
      purpose: 'clientAuth',
      checkAnchorValidity: fidelity.expiredGroupCa === 'reject',
      isDisabled: (rule, depth) => trace.isDisabled(checkOf(rule, depth)),
    });
  let best: { group: EnrollmentGroup; verdict: ChainVerdict } | undefined;
  for (const group of groups) {
    const anchors = anchorsOf(group, caCertificates);
    if (anchors.length === 0) continue;
    const verdict = judge(anchors);
    if (best === undefined || isNearer(verdict, best.verdict)) best = { group, verdict };
  }
  // Without a CA to lead to, the chain still says how far it comes.
  if (best === undefined) return { verdict: judge([]) };
  return reaches(best.verdict) ? best : { verdict: best.verdict };
}

/** The device proves that it holds the key of a certificate under the CA of a group; `verdict` is on its chain to it. */
export function attestChain(
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

/** Certificates that devices of a group stand under, as far as the service holds them; whether verified is seen later. */
function anchorsOf({ attestation }: EnrollmentGroup, caCertificates: CaCertificates): readonly Buffer[] {
  if (attestation.type === 'symmetricKey') return [];
  const { primary, secondary } = attestation;
  const named = secondary === undefined ? [primary] : [primary, secondary];
  return named.flatMap((one) => (typeof one === 'string' ? (caCertificates.find(one)?.certificate.der ?? []) : [one]));
}

/** A CA by name counts only once it is verified; by certificate it may need a verified one above it, as the switch says. */
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

/** Subject of the CA at the top of a claim's chain, if the service holds it as verified; undefined if not. */
export function verifiedCaOf({ credentials }: Claim, { clock, caCertificates }: Circumstances): string | undefined {
  const [leaf, ...presented] = credentials.certificates;
  const anchors = caCertificates.verified();
  if (leaf === undefined || anchors.length === 0) return undefined;
  const verdict = verifyChain({ leaf, presented, anchors, at: clock.now(), purpose: 'clientAuth' });
  return reaches(verdict) ? verdict.path.at(-1)?.subject : undefined;
}

/**
 * No group was reached. If the chain asks for a CA by a name that a group refers to, and the service holds no such CA, that is
 * why: returns whether it was noted. A group with another CA is no reason.
 */
export function traceMissingCa(
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

/** Writes a chain's verdict into the trace. Returns the problem that it is answered with, if any. */
export function traceChain(verdict: ChainVerdict | undefined, { trace }: Circumstances): Problem | undefined {
  if (verdict === undefined) return problems.caCertificateNotFound;
  trace.setCertificates(verdict.path);
  for (const step of verdict.steps) {
    // The leaf was read before, under its own name.
    if (!isBroken(step) && step.rule !== 'certificate-readable')
      trace.check(checkOf(step.rule, step.depth), step.passed, step.expected, step.found);
  }
  if (verdict.ok) return undefined;
  trace.check(checkOf(verdict.rule, verdict.depth), false, verdict.expected, verdict.found);
  return gapRules.includes(verdict.rule) ? problems.caCertificateNotFound : problems.invalidCertificate;
}

/** Reads the leaf of a claim and compares its name; undefined where a check failed. */
export function readLeaf(claim: Claim, { trace, fidelity }: Circumstances): Certificate | undefined {
  const read = parseCertificate(claim.credentials.certificates[0] ?? Buffer.alloc(0));
  const found = read.ok ? read.certificate.subject : read.problem;
  if (!trace.check('certificate-readable', read.ok, 'an X.509 certificate', found)) return undefined;
  const certificate = read.ok ? read.certificate : undefined;
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
      // The hub knows the device by the very leaf it registered with: a renewed leaf has to register again.
      authentication: () => pinnedBy(leaf.thumbprintSha256),
      isSameDevice: ({ credentials }) => credentials.certificates[0]?.equals(leaf.der) ?? false,
    },
  };
}

function thumbprintOf(der: Buffer): string {
  const read = parseCertificate(der);
  return read.ok ? read.certificate.thumbprintSha256 : 'unreadable';
}

/** Whether a chain leads to the anchors at all, good or broken. */
function reaches(verdict: ChainVerdict): boolean {
  return verdict.ok || anchorDepth(verdict) < Infinity;
}

/** How far above the leaf the CA of the group stands. */
function anchorDepth({ steps }: ChainVerdict): number {
  return steps.find(({ rule, passed }) => rule === 'chain-trusted' && passed)?.depth ?? Infinity;
}

function isNearer(one: ChainVerdict, other: ChainVerdict): boolean {
  if (one.ok !== other.ok) return one.ok;
  if (anchorDepth(one) !== anchorDepth(other)) return anchorDepth(one) < anchorDepth(other);
  // Of chains that lead nowhere, the one that came further says more.
  return !one.ok && !other.ok && ruleOrder.indexOf(one.rule) > ruleOrder.indexOf(other.rule);
}

const ruleOrder = Object.keys(chainRules);

/** Rules that a chain breaks by not leading to a CA that the service knows. */
const gapRules: readonly ChainRule[] = [
  'certificate-readable',
  'chain-within-bounds',
  'chain-complete',
  'chain-trusted',
];

function checkOf(rule: ChainRule, depth: number): CheckId {
  if (rule === 'valid-now') return depth === 0 ? 'certificate-valid-now' : 'ca-valid-now';
  // `strict` is asked for by nobody here: the service takes what OpenSSL takes.
  if (rule === 'certificate-profile') throw new Error('a service that does not ask for the profile was told of it');
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
