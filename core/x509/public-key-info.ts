import { createPublicKey, type KeyObject } from 'node:crypto';

/**
 * Returns the public key in a SubjectPublicKeyInfo (DER).
 *
 * @throws Error if OpenSSL cannot read the key.
 */
export function publicKeyIn(info: Buffer): KeyObject {
  const name = info.toString('latin1');
  const known = recent.get(name);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: info, format: 'der', type: 'spki' });
  recent.set(name, key);
  for (const oldest of recent.keys()) {
    if (recent.size <= recentLimit) break;
    recent.delete(oldest);
  }
  return key;
}

/** Returns the SubjectPublicKeyInfo of a public key in DER. */
export function publicKeyInfoOf(key: KeyObject): Buffer {
  const known = infos.get(key);
  if (known !== undefined) return known;
  const info = key.export({ format: 'der', type: 'spki' });
  infos.set(key, info);
  return info;
}

/**
 * The keys that OpenSSL read last. OpenSSL needs as long to read a key as to make a signature, and it would read each key of a certificate
 * twice: in the signing request and in the certificate.
 */
const recent = new Map<string, KeyObject>();
/** A key is read again soon or never. */
const recentLimit = 64;

/** A signing request, the certificate and the check of the certificate each need the same encoding. */
const infos = new WeakMap<KeyObject, Buffer>();
