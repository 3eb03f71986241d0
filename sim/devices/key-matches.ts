import { createPrivateKey, X509Certificate } from 'node:crypto';
import { parseCertificate } from '../../core/x509/certificate.ts';
import { publicKeyOfPem } from '../../core/x509/public-key-of-pem.ts';
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
    matches = isPair(certificate.leaf, certificate.keyPem);
    known.set(certificate, matches);
  }
  return matches;
}

/**
 * Compares the public key of the certificate with the public key in the key file. OpenSSL decides if they differ, or if the key file has no
 * public key: loading both takes it more than half a millisecond, a twentieth of a registration.
 */
function isPair(leaf: Buffer, keyPem: string): boolean {
  const read = parseCertificate(leaf);
  if (read.ok && publicKeyOfPem(keyPem)?.equals(read.value.publicKeyInfo) === true) return true;
  return new X509Certificate(leaf).checkPrivateKey(createPrivateKey(keyPem));
}

const known = new WeakMap<InstalledCertificate, boolean>();
