import { createHash } from 'node:crypto';
import { publicRoots, publicRootNames, type PublicRootName } from '../../../core/wire/tls/public-roots.ts';
import type { Certificate } from '../../../core/x509/certificate.ts';

/** A certificate of a trust bundle. */
export interface BundleRoot {
  /** Subject (RFC 4514). */
  readonly subject: string;
  /** SHA-256 thumbprint of the certificate, in hexadecimal. */
  readonly sha256: string;
  readonly notAfter: number;
  /** Name of the public root with the same key. Absent if no public root has this key. */
  readonly root?: PublicRootName;
  /** True for a root certificate that a lab made. */
  readonly isOfLab: boolean;
}

/**
 * Recognises the public roots in a bundle by their keys, because a cross-certificate with the key of a root also makes the root trusted. A
 * root certificate of a lab counts as the public root that its common name contains.
 */
export function bundleRoots(certificates: readonly Certificate[]): readonly BundleRoot[] {
  return certificates.map(({ subject, commonName = '', thumbprintSha256, notAfter, publicKeyInfo }) => {
    const key = createHash('sha256').update(publicKeyInfo).digest('hex').toUpperCase();
    const lab = /^Rehearsal Test Root (.+) \(throw-away\)$/.exec(commonName)?.[1];
    const root = publicRootNames.find((name) => publicRoots[name].keySha256 === key || name === lab);
    return {
      subject,
      sha256: thumbprintSha256,
      notAfter,
      ...(root === undefined ? {} : { root }),
      isOfLab: lab !== undefined,
    };
  });
}
