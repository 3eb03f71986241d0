import { createHash } from 'node:crypto';
import { publicRoots, publicRootNames, type PublicRootName } from '../../../core/wire/tls/public-roots.ts';
import type { Certificate } from '../../../core/x509/certificate.ts';

/** A certificate of a trust bundle. */
export interface BundleRoot {
  /** Subject (RFC 4514). */
  readonly subject: string;
  /** Of the certificate, in hexadecimal. */
  readonly sha256: string;
  readonly notAfter: number;
  /** The public root with this key. Absent if it is none. */
  readonly root?: PublicRootName;
  /** True if it is a root that a lab made. */
  readonly isOfLab: boolean;
}

/**
 * Recognises the public roots in a bundle by their keys, because a cross-certificate of a root also makes it trusted. A root of a lab that
 * has the name of a public root stands for it.
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
