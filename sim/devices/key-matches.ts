import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { InstalledCertificate } from './flash.ts';

/**
 * Returns true if the private key belongs to the certificate; TLS libraries reject other pairs. A key in a store that signs inside always
 * belongs to it, because a firmware image cannot replace its certificate.
 */
export function keyMatches(certificate: InstalledCertificate): boolean {
  if ('held' in certificate) return true;
  // The result is cached, because a device checks the same pair at every connection for years. A pair never changes in place.
  let matches = known.get(certificate);
  if (matches === undefined) {
    matches = new X509Certificate(certificate.leaf).checkPrivateKey(createPrivateKey(certificate.keyPem));
    known.set(certificate, matches);
  }
  return matches;
}

const known = new WeakMap<InstalledCertificate, boolean>();
