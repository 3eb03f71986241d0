import type { KeyObject } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import { childrenOf, readDer, tags } from './der/der.ts';

/** Why a key falls short of 112 bits of strength (NIST SP 800-57 part 1, 5.6.1) or is of no common kind; else undefined. */
export function keyWeakness({ publicKey: key, publicKeyInfo }: Certificate): string | undefined {
  const { modulusLength = 0, namedCurve = 'parameters of its own' } = key.asymmetricKeyDetails ?? {};
  const type = key.asymmetricKeyType;
  if (type === 'rsa' || type === 'rsa-pss')
    return modulusLength >= 2048 ? undefined : `an RSA key of ${modulusLength} bits`;
  if (type === 'ec') {
    // RFC 5480 2.1.1: the curve is named. Spelled out, it may be another that only looks like the one it is taken for.
    if (!isCurveNamed(publicKeyInfo)) return 'a key on an elliptic curve that is spelled out and not named';
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
