import { constants, verify, type KeyObject } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import { childrenOf, contextTag, Malformed, readTagged, tags } from './der.ts';
import { readCount, readOid } from './der-values.ts';
import { isCostlyKey } from './key-strength.ts';

/** A signature algorithm as certificates name it. `weak` are those that fall short of 112 bits. */
export interface SignatureAlgorithm {
  readonly name: string;
  readonly key: 'rsa' | 'rsa-pss' | 'ec' | 'ed25519' | 'ed448';
  readonly hash: string | null;
  readonly weak: boolean;
}

/** The algorithm of a certificate's signature, or undefined where it is unknown. */
export function signatureAlgorithmOf(certificate: Certificate): SignatureAlgorithm | undefined {
  const { algorithm, parameters } = certificate.signature;
  if (algorithm !== rsaPss) return algorithms[algorithm];
  const pss = readPss(parameters);
  return pss === undefined
    ? undefined
    : { name: `RSA-PSS with ${pss.hash}`, key: 'rsa', hash: pss.hash, weak: pss.hash === 'sha1' };
}

/**
 * Whether `issuer`'s key made the signature of `certificate` (RFC 5280 6.1.3 a 1). False as well where the algorithm is
 * unknown, does not fit the key or is named differently inside and outside of what is signed, and for a key so large that
 * checking would be slow.
 */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  const byIssuer = signedPairs.get(certificate) ?? new WeakMap<Certificate, boolean>();
  const known = byIssuer.get(issuer);
  if (known !== undefined) return known;
  const signed = hasSignature(certificate, issuer);
  signedPairs.set(certificate, byIssuer.set(issuer, signed));
  return signed;
}

/** Certificates are frozen, so an answer never changes; every device asks the same of the server's chain. */
const signedPairs = new WeakMap<Certificate, WeakMap<Certificate, boolean>>();

function hasSignature(certificate: Certificate, issuer: Certificate): boolean {
  const { signature } = certificate;
  const algorithm = signatureAlgorithmOf(certificate);
  if (algorithm === undefined || !signature.consistent || !fits(algorithm, signature, issuer.publicKey)) return false;
  const pss = signature.algorithm === rsaPss ? readPss(signature.parameters) : undefined;
  const padding = pss === undefined ? {} : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pss.saltLength };
  try {
    return verify(algorithm.hash, signature.signed, { key: issuer.publicKey, ...padding }, signature.value);
  } catch {
    // A key that OpenSSL refuses to work with (a PSS key bound to another hash, say) has not signed.
    return false;
  }
}

const rsaPss = '1.2.840.113549.1.1.10';

const algorithms: Readonly<Record<string, SignatureAlgorithm>> = {
  '1.2.840.113549.1.1.4': { name: 'RSA with MD5', key: 'rsa', hash: 'md5', weak: true },
  '1.2.840.113549.1.1.5': { name: 'RSA with SHA-1', key: 'rsa', hash: 'sha1', weak: true },
  '1.2.840.113549.1.1.14': { name: 'RSA with SHA-224', key: 'rsa', hash: 'sha224', weak: false },
  '1.2.840.113549.1.1.11': { name: 'RSA with SHA-256', key: 'rsa', hash: 'sha256', weak: false },
  '1.2.840.113549.1.1.12': { name: 'RSA with SHA-384', key: 'rsa', hash: 'sha384', weak: false },
  '1.2.840.113549.1.1.13': { name: 'RSA with SHA-512', key: 'rsa', hash: 'sha512', weak: false },
  '1.2.840.10045.4.1': { name: 'ECDSA with SHA-1', key: 'ec', hash: 'sha1', weak: true },
  '1.2.840.10045.4.3.1': { name: 'ECDSA with SHA-224', key: 'ec', hash: 'sha224', weak: false },
  '1.2.840.10045.4.3.2': { name: 'ECDSA with SHA-256', key: 'ec', hash: 'sha256', weak: false },
  '1.2.840.10045.4.3.3': { name: 'ECDSA with SHA-384', key: 'ec', hash: 'sha384', weak: false },
  '1.2.840.10045.4.3.4': { name: 'ECDSA with SHA-512', key: 'ec', hash: 'sha512', weak: false },
  '1.3.101.112': { name: 'Ed25519', key: 'ed25519', hash: null, weak: false },
  '1.3.101.113': { name: 'Ed448', key: 'ed448', hash: null, weak: false },
};

const hashes: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

function fits(algorithm: SignatureAlgorithm, signature: Certificate['signature'], key: KeyObject): boolean {
  const type = key.asymmetricKeyType;
  if (isCostlyKey(key)) return false;
  if (signature.algorithm === rsaPss) return type === 'rsa' || type === 'rsa-pss';
  // RSA names its absent parameters with NULL, the others have none (RFC 4055 5, RFC 5758 3.2, RFC 8410 3); as OpenSSL, a
  // missing NULL is let pass.
  const plain = signature.parameters === undefined || (type === 'rsa' && signature.parameters.equals(nullValue));
  return plain && type === algorithm.key;
}

const nullValue = Buffer.from([tags.null, 0]);

/** RSASSA-PSS-params (RFC 4055 3.1); undefined unless the mask uses the same hash, which is what everybody does. */
function readPss(parameters: Buffer | undefined): { hash: string; saltLength: number } | undefined {
  if (parameters === undefined) return undefined;
  try {
    const fields = childrenOf(readTagged(parameters, tags.sequence, 'PSS parameters'), 'PSS parameters');
    const field = (number: number): Buffer | undefined =>
      fields.find(({ tag }) => tag === contextTag(number, 'constructed'))?.content;
    const [hash, mask, salt, trailer] = [field(0), field(1), field(2), field(3)];
    const name = hash === undefined ? 'sha1' : hashes[readAlgorithmOid(hash)];
    const maskName = mask === undefined ? 'sha1' : hashes[readMaskHash(mask)];
    if (name === undefined || name !== maskName || trailer !== undefined) return undefined;
    const saltLength =
      salt === undefined ? 20 : readCount(readTagged(salt, tags.integer, 'salt length'), 'salt length');
    return saltLength > 512 ? undefined : { hash: name, saltLength };
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

function readAlgorithmOid(algorithm: Buffer): string {
  return readOid(childrenOf(readTagged(algorithm, tags.sequence, 'hash'), 'hash')[0], 'hash');
}

function readMaskHash(mask: Buffer): string {
  const parameters = childrenOf(readTagged(mask, tags.sequence, 'mask'), 'mask')[1];
  if (parameters === undefined) throw new Malformed('the mask names no hash');
  return readAlgorithmOid(parameters.bytes);
}
