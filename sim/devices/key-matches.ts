import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { InstalledCertificate } from './flash.ts';

/**
 * Whether the private key is the one of the certificate beside it. No TLS library takes a pair that is none. A key that nobody
 * can read was made with its certificate, and no image brings it another.
 */
export function keyMatches(certificate: InstalledCertificate): boolean {
  if ('held' in certificate) return true;
  // A device that goes to its hub for years is asked each time, and the pair in its memory is never written over in place.
  let matches = known.get(certificate);
  if (matches === undefined) {
    matches = new X509Certificate(certificate.leaf).checkPrivateKey(createPrivateKey(certificate.keyPem));
    known.set(certificate, matches);
  }
  return matches;
}

const known = new WeakMap<InstalledCertificate, boolean>();
