import { createHash, type KeyObject } from 'node:crypto';
import { defined } from '../defined.ts';
import { failed, succeeded, type Result } from '../result.ts';
import type { Millis } from '../time/clock.ts';
import { childrenOf, contextTag, expectTag, Malformed, readDer, readTagged, tags, type Der } from './der/der.ts';
import { readBitOctets, readCount, readInteger, readOid, readTime } from './der/der-values.ts';
import { readExtensions, type Extensions } from './extensions.ts';
import { derOfPem } from './der/pem.ts';
import { whatInstead } from './der/what-instead.ts';
import { commonNameOf, readName, type DistinguishedName } from './name.ts';
import { publicKeyIn } from './public-key-info.ts';

/** A parsed certificate, frozen. Hexadecimal values are in capitals without separators. */
export interface Certificate extends Extensions {
  readonly der: Buffer;
  readonly version: 1 | 2 | 3;
  readonly serialNumber: string;
  /** Subject in the text form of RFC 4514. */
  readonly subject: string;
  readonly issuer: string;
  readonly subjectName: DistinguishedName;
  readonly issuerName: DistinguishedName;
  readonly commonName?: string;
  readonly notBefore: Millis;
  readonly notAfter: Millis;
  readonly publicKey: KeyObject;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKeyInfo: Buffer;
  /** True if subject and issuer have the same name. */
  readonly selfIssued: boolean;
  readonly signature: CertificateSignature;
  /** SHA-1 and SHA-256 of the whole certificate in DER. */
  readonly thumbprintSha1: string;
  readonly thumbprintSha256: string;
}

/** The signature of the issuer on a certificate. */
interface CertificateSignature {
  /** Object identifier. */
  readonly algorithm: string;
  /** Parameters of the signature algorithm in DER; absent if the algorithm has none. */
  readonly parameters?: Buffer;
  /** True if the certificate names the same algorithm inside and outside the signed part (RFC 5280 4.1.1.2). */
  readonly consistent: boolean;
  /** The signed part of the certificate in DER. */
  readonly signed: Buffer;
  readonly value: Buffer;
}

/** Limit in octets. The parser rejects larger certificates unread; real certificates are much smaller. */
export const certificateSizeLimit = 64 * 1024;

/**
 * Reads one X.509 certificate (RFC 5280 4.1) from DER or from PEM text. Returns a failure with a sentence for any other input;
 * the function never throws. The parser accepts strict DER only, because two lenient parsers can read two different
 * certificates from the same octets.
 */
export function parseCertificate(source: Buffer | string): Result<Certificate> {
  // PEM text may have twice the size of DER: base64 encodes three octets as four characters, and PEM adds two lines.
  if (source.length > (typeof source === 'string' ? 2 : 1) * certificateSizeLimit) {
    return failed(
      'certificate-too-large',
      `the certificate has ${source.length} octets, more than the limit of ${certificateSizeLimit}`,
    );
  }
  try {
    const der = typeof source === 'string' || isText(source) ? fromPem(source) : source;
    return succeeded(cachedCertificate(der));
  } catch (error) {
    if (error instanceof Malformed) return failed('certificate-malformed', `not a certificate: ${error.message}`);
    throw error;
  }
}

/**
 * Parses a certificate, or returns it from a cache. The cache helps because several listeners read the same leaf, and many
 * chains contain the same CA. Parsed certificates are frozen, so callers can share them.
 */
function cachedCertificate(der: Buffer): Certificate {
  const ofBuffer = byBuffer.get(der);
  if (ofBuffer?.der.equals(der) === true) return ofBuffer;
  const key = der.toString('latin1');
  const known = recent.get(key);
  const certificate = known ?? readOrSayWhat(Buffer.from(der));
  byBuffer.set(der, certificate);
  if (known !== undefined) return known;
  recent.set(key, certificate);
  for (const oldest of recent.keys()) {
    if (recent.size <= recentLimit) break;
    recent.delete(oldest);
  }
  return certificate;
}

/**
 * The certificate that was last read from a buffer. A visit of a device reads the same buffers ten times, and a comparison of their octets
 * is faster than a key for `recent`.
 */
const byBuffer = new WeakMap<Buffer, Certificate>();

const recent = new Map<string, Certificate>();
/** Number of cached certificates. With the largest certificates they use about 16 MiB. */
const recentLimit = 256;

/**
 * Returns true if `source` is PEM text. DER of a certificate is a SEQUENCE of more than 127 octets, and no text begins with
 * those bytes. Other text may precede the PEM block.
 */
function isText(source: Buffer): boolean {
  const isDer = source[0] === tags.sequence && (source[1] ?? 0) >= 0x80;
  return !isDer && source.includes('-----BEGIN');
}

function fromPem(source: Buffer | string): Buffer {
  const der = derOfPem(source.toString());
  if (der === undefined)
    throw new Malformed(whatInstead(Buffer.from(source)) ?? 'it has no PEM block of type CERTIFICATE');
  if (der.length > certificateSizeLimit)
    throw new Malformed(`it has ${der.length} octets, more than the limit of ${certificateSizeLimit}`);
  return der;
}

/** Reads a certificate. If the octets are another structure, such as PKCS #12, the error says which. @throws Malformed */
function readOrSayWhat(der: Buffer): Certificate {
  try {
    return readCertificate(der);
  } catch (error) {
    if (error instanceof Malformed) throw new Malformed(whatInstead(der) ?? error.message);
    throw error;
  }
}

function readCertificate(der: Buffer): Certificate {
  const [tbs, algorithm, signature, ...more] = childrenOf(
    readTagged(der, tags.sequence, 'the certificate'),
    'the certificate',
  );
  if (tbs === undefined || algorithm === undefined || more.length > 0)
    throw new Malformed('the certificate does not have three parts');
  const body = readBody(expectTag(tbs, tags.sequence, 'the certificate body'));
  const { oid, parameters } = readAlgorithm(algorithm);
  const commonName = commonNameOf(body.subjectName);
  return Object.freeze({
    der,
    ...body.extensions,
    version: body.version,
    serialNumber: body.serialNumber,
    subject: body.subjectName.text,
    issuer: body.issuerName.text,
    subjectName: body.subjectName,
    issuerName: body.issuerName,
    ...defined({ commonName }),
    notBefore: body.notBefore,
    notAfter: body.notAfter,
    publicKey: body.publicKey,
    publicKeyInfo: body.publicKeyInfo,
    selfIssued: body.subjectName.key === body.issuerName.key,
    signature: Object.freeze({
      algorithm: oid,
      ...defined({ parameters }),
      consistent: body.algorithm.bytes.equals(algorithm.bytes),
      signed: tbs.bytes,
      value: readBitOctets(signature, 'the signature'),
    }),
    thumbprintSha1: thumbprint('sha1', der),
    thumbprintSha256: thumbprint('sha256', der),
  });
}

/** The signed part of a certificate (TBSCertificate). */
interface Body {
  readonly version: 1 | 2 | 3;
  readonly serialNumber: string;
  readonly algorithm: Der;
  readonly issuerName: DistinguishedName;
  readonly notBefore: Millis;
  readonly notAfter: Millis;
  readonly subjectName: DistinguishedName;
  readonly publicKey: KeyObject;
  readonly publicKeyInfo: Buffer;
  readonly extensions: Extensions;
}

function readBody(tbs: Der): Body {
  const fields = childrenOf(tbs, 'the certificate body');
  const version = readVersion(fields[0]?.tag === contextTag(0, 'constructed') ? fields.shift() : undefined);
  const [serial, algorithm, issuer, validity, subject, keyInfo, ...optional] = fields;
  if (algorithm === undefined || validity === undefined || keyInfo === undefined)
    throw new Malformed('the certificate body ends early');
  const [notBefore, notAfter, ...more] = childrenOf(expectTag(validity, tags.sequence, 'the validity'), 'the validity');
  if (more.length > 0) throw new Malformed('the validity has more than two times');
  readAlgorithm(algorithm, 'the algorithm in the signed part');
  return {
    version,
    serialNumber: readInteger(serial, 'the serial number').toString('hex').toUpperCase(),
    algorithm,
    issuerName: readName(issuer, 'the issuer'),
    notBefore: readTime(notBefore, 'notBefore'),
    notAfter: readTime(notAfter, 'notAfter'),
    subjectName: readName(subject, 'the subject'),
    publicKey: readPublicKey(expectTag(keyInfo, tags.sequence, 'the public key')),
    publicKeyInfo: keyInfo.bytes,
    extensions: readOptional(optional),
  };
}

function readVersion(field: Der | undefined): 1 | 2 | 3 {
  if (field === undefined) return 1;
  const number = readCount(readTagged(field.content, tags.integer, 'the version'), 'the version');
  if (number === 0) throw new Malformed('version 1 is written explicitly, but DER omits default values');
  if (number > 2) throw new Malformed(`the version is ${number + 1}; expected 1, 2 or 3`);
  return number === 1 ? 2 : 3;
}

/**
 * Reads the optional fields: the obsolete unique identifiers [1] and [2], and the extensions [3]. Each field occurs at
 * most once, in this order.
 */
function readOptional(fields: readonly Der[]): Extensions {
  let previous = 0x80;
  let extensions: Extensions = { present: [], critical: [] };
  for (const field of fields) {
    const rank = field.tag & 0x9f;
    if (rank <= previous || ![0x81, 0x82, 0xa3].includes(field.tag))
      throw new Malformed('the certificate body has an extra element');
    previous = rank;
    if (field.tag === contextTag(3, 'constructed'))
      extensions = readExtensions(readDer(field.content, 'the list of extensions'));
  }
  return extensions;
}

const rsaEncryption = '1.2.840.113549.1.1.1';

function readPublicKey(keyInfo: Der): KeyObject {
  // OpenSSL also reads encodings that DER forbids. Later code reads the algorithm again and expects DER.
  const [algorithm, key, ...more] = childrenOf(keyInfo, 'the public key');
  if (algorithm === undefined || more.length > 0) throw new Malformed('the public key does not have two parts');
  const { oid } = readAlgorithm(algorithm, 'the algorithm of the public key');
  const octets = readBitOctets(key, 'the public key');
  if (oid === rsaEncryption) {
    const numbers = childrenOf(readTagged(octets, tags.sequence, 'the RSA key'), 'the RSA key');
    for (const number of numbers) readInteger(number, 'a number of the RSA key');
  }
  try {
    return publicKeyIn(keyInfo.bytes);
  } catch {
    throw new Malformed(`the public key cannot be read (algorithm ${oid})`);
  }
}

function readAlgorithm(value: Der, what = 'the algorithm'): { oid: string; parameters?: Buffer } {
  const [oid, parameters, ...more] = childrenOf(expectTag(value, tags.sequence, what), what);
  if (more.length > 0) throw new Malformed(`${what} has an extra element`);
  return { oid: readOid(oid, what), ...defined({ parameters: parameters?.bytes }) };
}

function thumbprint(hash: 'sha1' | 'sha256', der: Buffer): string {
  return createHash(hash).update(der).digest('hex').toUpperCase();
}
