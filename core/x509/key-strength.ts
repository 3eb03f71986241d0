import type { KeyObject } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import { childrenOf, readDer, tags } from './der/der.ts';

/**
 * Describes a key whose strength is below 112 bits (NIST SP 800-57 part 1, 5.6.1) or whose kind is uncommon. Returns undefined
 * for other keys.
 */
export function keyWeakness({ publicKey: key, publicKeyInfo }: Certificate): string | undefined {
  const { modulusLength = 0, publicExponent, namedCurve = 'with explicit parameters' } = key.asymmetricKeyDetails ?? {};
  const type = key.asymmetricKeyType;
  if (type === 'rsa' || type === 'rsa-pss') {
    // RFC 8017 3.1 requires an odd exponent of 3 or more. Anyone can sign for a key with exponent 1. OpenSSL accepts it.
    if (publicExponent !== undefined && (publicExponent < 3n || publicExponent % 2n === 0n))
      return `an RSA key with the public exponent ${publicExponent}`;
    return modulusLength >= 2048 ? undefined : `an RSA key of ${modulusLength} bits`;
  }
  if (type === 'ec') {
    // RFC 5480 2.1.1 requires a named curve. An attacker can use explicit parameters to imitate a known curve (CVE-2020-0601).
    if (!isCurveNamed(publicKeyInfo)) return 'a key on an elliptic curve with explicit parameters';
    return curves.has(namedCurve) ? undefined : `a key on elliptic curve ${namedCurve}`;
  }
  return type === 'ed25519' || type === 'ed448' ? undefined : `a key of type ${type ?? 'unknown'}`;
}

function isCurveNamed(publicKeyInfo: Buffer): boolean {
  const [algorithm] = childrenOf(readDer(publicKeyInfo, 'the public key'), 'the public key');
  if (algorithm === undefined) return false;
  const [, parameters] = childrenOf(algorithm, 'the algorithm of the public key');
  return parameters?.tag === tags.oid;
}

/** Returns true if one signature check with this key takes milliseconds, which an attacker could use for a denial of service. */
export function isCostlyKey(key: KeyObject): boolean {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  return modulusLength > 8192 || publicExponent >= 1n << 64n;
}

const curves: ReadonlySet<string> = new Set([
  'secp224r1',
  'prime256v1',
  'secp384r1',
  'secp521r1',
  'secp256k1',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
]);
