import { extensionOids } from '../der/oids.ts';
import { failedStep, passedStep, type PathRule } from './path-rule.ts';

/** RFC 5280 6.1.4 (o) and 6.1.5 (f): a critical extension that nobody here understands ends it, whoever carries it. */
export const criticalExtensions: PathRule = (judged) => {
  for (const [depth, { critical, present, subject }] of judged.path.entries()) {
    const unknown = critical.find((oid) => !understood.has(oid));
    const where = subject || 'the leaf';
    if (unknown !== undefined) {
      return [
        failedStep(
          'critical-extensions-known',
          depth,
          'critical extensions that are understood',
          `${where}: ${unknown}`,
        ),
      ];
    }
    // RFC 3820: a leaf that speaks for the leaf below. Nothing here wants one, so it is refused even where not critical.
    if (present.includes(extensionOids.proxyCertInfo)) {
      return [failedStep('critical-extensions-known', depth, 'no proxy certificate', `${where} is one`)];
    }
  }
  const seen = new Set(judged.path.flatMap(({ critical }) => critical));
  return [
    passedStep('critical-extensions-known', judged, 'critical extensions that are understood', `${seen.size} kinds`),
  ];
};

/**
 * Key identifiers are not among them: they must not be critical (RFC 5280 4.2.1.1, 4.2.1.2). Lists of revoked
 * certificates are nowhere fetched, so a pointer to one is understood and changes nothing.
 */
const understood: ReadonlySet<string> = new Set([
  extensionOids.basicConstraints,
  extensionOids.keyUsage,
  extensionOids.extendedKeyUsage,
  extensionOids.subjectAltName,
  extensionOids.nameConstraints,
  extensionOids.certificatePolicies,
  extensionOids.policyMappings,
  extensionOids.policyConstraints,
  extensionOids.inhibitAnyPolicy,
  extensionOids.crlDistributionPoints,
  extensionOids.netscapeCertType,
]);
