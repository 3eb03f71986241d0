import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { InstalledCertificate } from './flash.ts';

/**
 * Returns true if the private key belongs to the certificate; TLS libraries reject other pairs. Always returns true for a key that stays in
 * its key store: no firmware image can replace the certificate of such a key.
 */
export function keyMatches(certificate: InstalledCertificate): boolean {
  if ('held' in certificate) return true;
  // Caches the result, because a device checks the same certificate and key at every connection for years. The certificate object is
  // immutable, so the result never changes.
  let matches = known.get(certificate);
  if (matches === undefined) {
    matches = new X509Certificate(certificate.leaf).checkPrivateKey(createPrivateKey(certificate.keyPem));
    known.set(certificate, matches);
  }
  return matches;
}

const known = new WeakMap<InstalledCertificate, boolean>();
