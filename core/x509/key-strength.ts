import type { KeyObject } from 'node:crypto';

/** Why a key falls short of 112 bits of strength (NIST SP 800-57 part 1, 5.6.1) or is of no common kind; else undefined. */
export function keyWeakness(key: KeyObject): string | undefined {
  const { modulusLength = 0, namedCurve = 'parameters of its own' } = key.asymmetricKeyDetails ?? {};
  const type = key.asymmetricKeyType;
  if (type === 'rsa' || type === 'rsa-pss')
    return modulusLength >= 2048 ? undefined : `an RSA key of ${modulusLength} bits`;
  if (type === 'ec') return curves.has(namedCurve) ? undefined : `a key on elliptic curve ${namedCurve}`;
  return type === 'ed25519' || type === 'ed448' ? undefined : `a key of type ${type ?? 'unknown'}`;
}

/** Whether one check of a signature by this key would take milliseconds: a way to keep a judge busy. */
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
