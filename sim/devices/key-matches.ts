import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { InstalledCertificate } from './device.ts';

/**
 * Whether the private key is the one of the certificate beside it. No TLS library takes a pair that is none. A key that nobody
 * can read was made with its certificate, and no image brings it another.
 */
export function keyMatches(certificate: InstalledCertificate): boolean {
  if ('held' in certificate) return true;
  return new X509Certificate(certificate.leaf).checkPrivateKey(createPrivateKey(certificate.keyPem));
}
