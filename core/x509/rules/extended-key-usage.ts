import type { Purpose } from '../chain-rules.ts';
import { failedStep, passedStep, type PathRule } from './path-rule.ts';

/**
 * RFC 5280 4.2.1.12: every certificate with an extended key usage must include the purpose of the verification. As in OpenSSL,
 * the rule also applies to CAs, so a CA limits the certificates below it. anyExtendedKeyUsage alone does not permit TLS;
 * 4.2.1.12 leaves this decision to the verifier.
 */
export const extendedKeyUsage: PathRule = (judged) => {
  const { path, purpose } = judged;
  const own = path[0]?.extendedKeyUsage?.join(', ') ?? 'no limit';
  if (purpose === 'any') return [passedStep('extended-key-usage', judged, 'any purpose', own)];
  for (const [depth, { extendedKeyUsage: allowed, subject }] of path.entries()) {
    if (allowed !== undefined && !allowed.includes(purpose)) {
      return [
        failedStep(
          'extended-key-usage',
          depth,
          purpose,
          `${subject || 'the leaf'}: ${allowed.join(', ') || 'no purpose'}`,
        ),
      ];
    }
  }
  const type = path[0]?.netscapeCertType;
  if (type !== undefined && !type.includes(netscapeBits[purpose])) {
    return [failedStep('extended-key-usage', 0, purpose, 'a Netscape certificate type without this purpose')];
  }
  return [passedStep('extended-key-usage', judged, purpose, own)];
};

const netscapeBits: Readonly<Record<Exclude<Purpose, 'any'>, number>> = { clientAuth: 0, serverAuth: 1 };
