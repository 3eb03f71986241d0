import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { InstalledCertificate } from './flash.ts';

/**
 * Returns true if a private key belongs to its certificate; TLS libraries reject other pairs. A key in a store that signs inside
 * always does: no image can bring it another certificate.
 */
export function keyMatches(certificate: InstalledCertificate): boolean {
  if ('held' in certificate) return true;
  // Cached, because a device checks the same pair at every visit for years. A pair is never changed in place.
  let matches = known.get(certificate);
  if (matches === undefined) {
    matches = new X509Certificate(certificate.leaf).checkPrivateKey(createPrivateKey(certificate.keyPem));
    known.set(certificate, matches);
  }
  return matches;
}

const known = new WeakMap<InstalledCertificate, boolean>();
