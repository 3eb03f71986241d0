import type { Certificate } from '../certificate.ts';
import { casOf, failedStep, passedStep, type PathRule } from './path-rule.ts';

/**
 * RFC 5280 6.1.4 (k): every issuer has version 3 and basicConstraints with cA. As in OpenSSL, a trusted certificate
 * without basicConstraints passes in two cases: it is self-signed with version 1, or its key usage permits signing
 * certificates.
 */
export const basicConstraints: PathRule = (judged) => {
  for (const [depth, ca] of casOf(judged)) {
    const trusted = depth === judged.path.length - 1;
    if (isCa(ca) || (trusted && isOldRoot(ca))) continue;
    return [
      failedStep(
        'basic-constraints',
        depth,
        'an issuer of version 3 with cA in its basicConstraints',
        `${ca.subject}: ${describe(ca)}`,
      ),
    ];
  }
  return [passedStep('basic-constraints', judged, 'each issuer is a CA', `${judged.path.length - 1} CAs`)];
};

function isCa({ version, basicConstraints }: Certificate): boolean {
  return version === 3 && basicConstraints?.ca === true;
}

function isOldRoot({ version, selfIssued, basicConstraints, keyUsage }: Certificate): boolean {
  if (basicConstraints !== undefined) return basicConstraints.ca;
  return (version === 1 && selfIssued) || (keyUsage?.has('keyCertSign') ?? false);
}

function describe({ version, basicConstraints }: Certificate): string {
  if (basicConstraints === undefined) return `version ${version} without basicConstraints`;
  return basicConstraints.ca ? `version ${version}, which has no extensions` : 'not a CA';
}
