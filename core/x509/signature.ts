import { constants, verify, type KeyObject } from 'node:crypto';
import { failed, succeeded, type Result } from '../result.ts';
import type { Certificate } from './certificate.ts';
import { childrenOf, contextTag, Malformed, optionalFields, readTagged, tags } from './der/der.ts';
import { readCount, readOid } from './der/der-values.ts';
import { isCostlyKey } from './key-strength.ts';

/** A signature algorithm of certificates. */
export interface SignatureAlgorithm {
  readonly name: string;
  readonly key: 'rsa' | 'rsa-pss' | 'ec' | 'ed25519' | 'ed448';
  /** Name of the hash in `node:crypto`. Null for EdDSA, which has no separate hash. */
  readonly hash: string | null;
  /** True if the strength is below 112 bits. */
  readonly weak: boolean;
}

/** Returns the algorithm of a certificate's signature, or undefined if it is not supported. */
export function signatureAlgorithmOf({ signature }: Certificate): SignatureAlgorithm | undefined {
  return algorithmOf(signature);
}

function algorithmOf({
  algorithm,
  parameters,
}: Pick<Certificate['signature'], 'algorithm' | 'parameters'>): SignatureAlgorithm | undefined {
  if (algorithm !== rsaPss) return algorithms[algorithm];
  const pss = readPss(parameters);
  if (!pss.ok) return undefined;
  const { hash } = pss.value;
  return { name: `RSA-PSS with ${hash}`, key: 'rsa', hash, weak: hash === 'sha1' };
}

/**
 * Returns true if the key of `issuer` made the signature of `certificate` (RFC 5280 6.1.3 (a)(1)). Returns false if the
 * algorithm is unknown, does not fit the key, or differs inside and outside the signed part. Returns false without a
 * check if the key is so large that the check would be slow.
 */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  const byIssuer = signedPairs.get(certificate) ?? new WeakMap<Certificate, boolean>();
  const known = byIssuer.get(issuer);
  if (known !== undefined) return known;
  const signed = hasSignature(certificate, issuer);
  signedPairs.set(certificate, byIssuer.set(issuer, signed));
  return signed;
}

/**
 * Cache of results. Certificates are frozen, so a result never changes. The cache helps because every device checks the same
 * server chain.
 */
const signedPairs = new WeakMap<Certificate, WeakMap<Certificate, boolean>>();

function hasSignature({ signature }: Certificate, { publicKey }: Certificate): boolean {
  return signature.consistent && isSignatureBy(signature, publicKey);
}

/**
 * Returns true if a key made a signature. Returns false if the algorithm is unknown, or if it does not fit the key.
 * Returns false without a check if the key is so large that the check would be slow.
 */
export function isSignatureBy(signature: Omit<Certificate['signature'], 'consistent'>, publicKey: KeyObject): boolean {
  const algorithm = algorithmOf(signature);
  if (algorithm === undefined || !fits(algorithm, signature, publicKey)) return false;
  const pss = signature.algorithm === rsaPss ? readPss(signature.parameters) : undefined;
  const padding =
    pss?.ok === true ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pss.value.saltLength } : {};
  try {
    return verify(algorithm.hash, signature.signed, { key: publicKey, ...padding }, signature.value);
  } catch {
    // OpenSSL throws for some keys, such as a PSS key that is bound to another hash. Such a key cannot have made this
    // signature.
    return false;
  }
}

/**
 * Explains why the key of `issuer` cannot have made the signature: because of the algorithm, its parameters or the kind of key.
 * Returns undefined if the key could have made it; then the value of the signature is wrong.
 */
export function signatureMisfit({ signature }: Certificate, { publicKey }: Certificate): string | undefined {
  if (!isCostlyKey(publicKey) && !signature.consistent)
    return 'two different algorithms: one inside and one outside the signed part';
  return misfitWithKey(signature, publicKey);
}

/** Explains why a key cannot have made a signature, like `signatureMisfit`. */
export function misfitWithKey(
  { algorithm: oid, parameters }: Pick<Certificate['signature'], 'algorithm' | 'parameters'>,
  publicKey: KeyObject,
): string | undefined {
  if (isCostlyKey(publicKey)) return 'a key that is too large to verify signatures';
  if (oid === rsaPss) {
    const pss = readPss(parameters);
    if (!pss.ok) return `a signature of RSA-PSS with ${pss.failure.sentence}`;
  }
  const algorithm = algorithms[oid];
  if (algorithm === undefined && oid !== rsaPss) return `a signature of the unsupported algorithm ${oid}`;
  if (algorithm !== undefined && !hasPlainParameters(algorithm, parameters)) {
    const wanted =
      algorithm.key === 'rsa'
        ? 'RFC 4055 5 requires NULL'
        : `RFC ${algorithm.key === 'ec' ? '5758 3.2' : '8410 3'} permits none`;
    return `a signature (${algorithm.name}) with parameters ${parameters?.toString('hex').slice(0, 20) ?? ''}, where ${wanted}`;
  }
  const key = algorithm?.key ?? 'rsa-pss';
  const type = publicKey.asymmetricKeyType ?? 'unknown';
  const isOwn = key === 'rsa-pss' ? type === 'rsa' || type === 'rsa-pss' : type === key;
  return isOwn ? undefined : `a signature (${algorithm?.name ?? 'RSA-PSS'}) that a key of type ${type} cannot make`;
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

const sha1 = '1.3.14.3.2.26';

const hashes: Readonly<Record<string, string>> = {
  [sha1]: 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

function fits(
  algorithm: SignatureAlgorithm,
  signature: Pick<Certificate['signature'], 'algorithm' | 'parameters'>,
  key: KeyObject,
): boolean {
  const type = key.asymmetricKeyType;
  if (isCostlyKey(key)) return false;
  if (signature.algorithm === rsaPss) return type === 'rsa' || type === 'rsa-pss';
  return hasPlainParameters(algorithm, signature.parameters) && type === algorithm.key;
}

/**
 * Returns true for absent parameters, or for NULL with RSA (RFC 4055 5, RFC 5758 3.2, RFC 8410 3). The RFCs require NULL for
 * RSA, but this function accepts RSA without NULL, as OpenSSL does.
 */
function hasPlainParameters({ key }: SignatureAlgorithm, parameters: Buffer | undefined): boolean {
  return parameters === undefined || (key === 'rsa' && parameters.equals(nullValue));
}

const nullValue = Buffer.from([tags.null, 0]);

interface PssParameters {
  /** Name in `node:crypto`. */
  readonly hash: string;
  /** In octets. */
  readonly saltLength: number;
}

/**
 * Reads RSASSA-PSS-params (RFC 4055 3.1). Returns a failure for parameters that OpenSSL does not support, such as two
 * different hashes. The sentence of the failure names these parameters.
 */
function readPss(parameters: Buffer | undefined): Result<PssParameters> {
  if (parameters === undefined) return unsupported('no parameters');
  try {
    const order = [0, 1, 2, 3].map((number) => contextTag(number, 'constructed'));
    const [hash, mask, salt, trailer] = optionalFields(
      readTagged(parameters, tags.sequence, 'PSS parameters'),
      order,
      'PSS parameters',
    );
    const oid = hash === undefined ? sha1 : readAlgorithmOid(hash.content);
    const maskOid = mask === undefined ? sha1 : readMaskHash(mask.content);
    const [name, maskName] = [hashes[oid], hashes[maskOid]];
    if (name === undefined) return unsupported(`the unsupported hash ${oid}`);
    if (name !== maskName) {
      return unsupported(`mask generation with ${maskName ?? maskOid}, which is not supported together with ${name}`);
    }
    if (trailer !== undefined) return unsupported('a trailer field, which is not supported');
    const saltLength =
      salt === undefined ? 20 : readCount(readTagged(salt.content, tags.integer, 'salt length'), 'salt length');
    return saltLength > 512 ? unsupported(`a salt of ${saltLength} octets`) : succeeded({ hash: name, saltLength });
  } catch (error) {
    if (error instanceof Malformed) return unsupported(`parameters that are malformed: ${error.message}`);
    throw error;
  }
}

function unsupported(sentence: string): Result<never> {
  return failed('pss-unsupported', sentence);
}

function readAlgorithmOid(algorithm: Buffer): string {
  return readOid(childrenOf(readTagged(algorithm, tags.sequence, 'hash'), 'hash')[0], 'hash');
}

function readMaskHash(mask: Buffer): string {
  const [kind, parameters] = childrenOf(readTagged(mask, tags.sequence, 'mask'), 'mask');
  if (readOid(kind, 'mask') !== mgf1) throw new Malformed('the mask generation function is not MGF1');
  if (parameters === undefined) throw new Malformed('the mask generation function names no hash');
  return readAlgorithmOid(parameters.bytes);
}

const mgf1 = '1.2.840.113549.1.1.8';
