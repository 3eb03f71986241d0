import { extensionOids } from '../der/oids.ts';
import { failedStep, passedStep, type PathRule } from './path-rule.ts';

/** RFC 5280 6.1.4 (o) and 6.1.5 (f): the chain fails if any certificate has a critical extension that is not supported. */
export const criticalExtensions: PathRule = (judged) => {
  for (const [depth, { critical, present, subject }] of judged.path.entries()) {
    const unknown = critical.find((oid) => !supported.has(oid));
    const name = subject || 'the leaf';
    if (unknown !== undefined) {
      return [
        failedStep('critical-extensions-known', depth, 'critical extensions that are supported', `${name}: ${unknown}`),
      ];
    }
    // RFC 3820: the owner of a leaf issues a proxy certificate to a program that acts for the owner. DPS and hubs do not accept proxy
    // certificates, so the chain fails even if the extension is not critical.
    if (present.includes(extensionOids.proxyCertInfo)) {
      return [failedStep('critical-extensions-known', depth, 'no proxy certificate', `${name} is one`)];
    }
  }
  const seen = new Set(judged.path.flatMap(({ critical }) => critical));
  return [
    passedStep('critical-extensions-known', judged, 'critical extensions that are supported', `${seen.size} kinds`),
  ];
};

/**
 * The critical extensions that are supported. Key identifiers are not in the list because they must not be critical
 * (RFC 5280 4.2.1.1, 4.2.1.2). CRL distribution points have no effect, because the verifier does not fetch revocation
 * lists.
 */
const supported: ReadonlySet<string> = new Set([
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
