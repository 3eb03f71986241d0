import { keyWeakness } from '../key-strength.ts';
import { signatureAlgorithmOf } from '../signature.ts';
import { failedStep, passedStep, type PathRule } from './path-rule.ts';

/**
 * Each key, and each signature except the signature of the trusted certificate, has a strength of 112 bits or more. RFC
 * 5280 sets no minimum strength. The limit of 112 bits comes from NIST SP 800-57. OpenSSL's security level 2, which
 * Debian uses for TLS, has the same limit.
 */
export const algorithmsStrong: PathRule = (judged) => {
  const { path } = judged;
  for (const [depth, certificate] of path.entries()) {
    const weakness = keyWeakness(certificate);
    if (weakness !== undefined) {
      return [
        failedStep(
          'algorithms-strong',
          depth,
          'a key of a common kind, with a strength of 112 bits or more',
          `${certificate.subject}: ${weakness}`,
        ),
      ];
    }
    const algorithm = signatureAlgorithmOf(certificate);
    if (depth < path.length - 1 && algorithm?.weak === true) {
      return [
        failedStep(
          'algorithms-strong',
          depth,
          'a signature with SHA-224 or better',
          `${certificate.subject}: ${algorithm.name}`,
        ),
      ];
    }
  }
  const [leaf] = path;
  const name = leaf === undefined ? undefined : signatureAlgorithmOf(leaf)?.name;
  return [
    passedStep(
      'algorithms-strong',
      judged,
      'keys and signatures with a strength of 112 bits or more',
      name ?? 'unknown',
    ),
  ];
};
