import type { KeyObject } from 'node:crypto';
import { parseCertificate } from './certificate.ts';
import { childrenOf, contextTag, expectTag, Malformed, optionalFields, readDer, tags, type Der } from './der/der.ts';
import { readBitOctets, readInteger, readOid } from './der/der-values.ts';
import { attributeOids } from './der/oids.ts';
import { defined } from '../defined.ts';
import { failed, succeeded, type Result } from '../result.ts';
import { readName, readText, type DistinguishedName } from './name.ts';
import { publicKeyIn } from './public-key-info.ts';
import { isSignatureBy, misfitWithKey } from './signature.ts';

/** A certificate signing request (RFC 2986). The parser does not verify its signature. */
export interface SigningRequest {
  /** Every common name of the subject, in order. */
  readonly commonNames: readonly string[];
  readonly publicKey: KeyObject;
  /** Returns true if the private key of `publicKey` signed the request. */
  isSignedByItsKey(): Promise<boolean>;
  /** Describes the signature of a request that is not signed by its key: `another key`, or an algorithm that does not fit. */
  wrongSignature(): string;
}

/**
 * Reads a request in the form that devices send: base64 of DER, without PEM lines. Returns a failure for other input; never
 * throws.
 */
export function readSigningRequest(text: string): Result<SigningRequest> {
  if (text.length > textLimit) return rejected(`${text.length} characters, more than the limit of ${textLimit}`);
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return rejected(insteadOfBase64(text));
  let request: Der;
  let parts: readonly Der[];
  const der = Buffer.from(text, 'base64');
  try {
    request = readDer(der, 'the request');
    parts = childrenOf(request, 'the request');
  } catch (error) {
    if (error instanceof Malformed)
      return rejected(der.includes('-----BEGIN') ? 'base64 of PEM, not of DER' : error.message);
    throw error;
  }
  try {
    const { subject, publicKeyInfo } = readBody(request);
    const publicKey = publicKeyIn(publicKeyInfo);
    return succeeded({
      commonNames: commonNamesIn(subject),
      publicKey,
      isSignedByItsKey: () => Promise.resolve(isSigned(parts, publicKey)),
      wrongSignature: () => misfitOf(parts, publicKey) ?? 'another key',
    });
  } catch (error) {
    if (parseCertificate(der).ok) return rejected('a certificate, not a PKCS #10 structure');
    const why = error instanceof Malformed ? error.message : 'the public key cannot be read';
    return rejected(`not a PKCS #10 structure: ${why}`);
  }
}

function insteadOfBase64(text: string): string {
  if (text === '') return 'an empty text';
  if (text.includes('-----BEGIN')) return 'PEM; its lines BEGIN and END and its line ends do not belong to the base64';
  if (/\s/.test(text)) return 'base64 with white space';
  if (/^[\w-]+={0,2}$/.test(text)) return /[-_]/.test(text) ? 'base64url' : 'base64 without its padding';
  return 'not base64';
}

/**
 * Returns the subject and the public key (SubjectPublicKeyInfo in DER) of a request that this program created.
 *
 * @param csr base64 of DER.
 * @throws Error if the text is not a request.
 */
export function requestedIn(csr: string): { readonly subject: DistinguishedName; readonly publicKeyInfo: Buffer } {
  const { subject, publicKeyInfo } = readBody(readDer(Buffer.from(csr, 'base64'), 'the request'));
  return { subject: readName(subject, 'the subject'), publicKeyInfo };
}

function rejected(sentence: string): Result<never> {
  return failed('request-unreadable', sentence);
}

/** Checks the form of a request (RFC 2986 4) and returns the parts that the program uses. @throws Malformed */
function readBody(request: Der): { readonly subject: Der; readonly publicKeyInfo: Buffer } {
  const [signed, algorithm, signature, ...more] = childrenOf(expectTag(request, tags.sequence, 'it'), 'it');
  if (more.length > 0) throw new Malformed('the request has more than three parts');
  readOid(childrenOf(expectTag(algorithm, tags.sequence, 'the algorithm'), 'the algorithm')[0], 'the algorithm');
  expectTag(signature, tags.bitString, 'the signature');
  // Some clients omit the list of attributes, although RFC 2986 does not permit that.
  const order = [tags.integer, tags.sequence, tags.sequence, contextTag(0, 'constructed')];
  const [version, subject, key, attributes] = optionalFields(
    expectTag(signed, tags.sequence, 'the signed part'),
    order,
    'the signed part',
  );
  readInteger(version, 'the version');
  for (const attribute of attributes === undefined ? [] : childrenOf(attributes, 'the attributes')) {
    const [type, values] = childrenOf(expectTag(attribute, tags.sequence, 'an attribute'), 'an attribute');
    readOid(type, 'the type of an attribute');
    childrenOf(expectTag(values, tags.set, 'the values of an attribute'), 'the values of an attribute');
  }
  return {
    subject: expectTag(subject, tags.sequence, 'the subject'),
    publicKeyInfo: expectTag(key, tags.sequence, 'the public key').bytes,
  };
}

/** Returns every common name in a subject. @throws Malformed */
function commonNamesIn(subject: Der): readonly string[] {
  return childrenOf(subject, 'the subject').flatMap((part) =>
    childrenOf(expectTag(part, tags.set, 'a part of the subject'), 'a part of the subject').flatMap((pair) => {
      const [type, value] = childrenOf(expectTag(pair, tags.sequence, 'a name'), 'a name');
      const isCommonName = readOid(type, 'the type of a name') === attributeOids['CN'];
      if (value === undefined) throw new Malformed('a name has no value');
      return isCommonName ? [readText(value, 'a name') ?? value.bytes.toString('hex')] : [];
    }),
  );
}

/** Returns the algorithm of the signature of a request. @throws Malformed */
function algorithmOf(algorithm: Der | undefined): { readonly algorithm: string; readonly parameters?: Buffer } {
  const [oid, parameters] = childrenOf(expectTag(algorithm, tags.sequence, 'the algorithm'), 'the algorithm');
  return { algorithm: readOid(oid, 'the algorithm'), ...defined({ parameters: parameters?.bytes }) };
}

/** Explains why the key cannot have made the signature of a request. Returns undefined if it could have. */
function misfitOf([, algorithm, signature]: readonly Der[], publicKey: KeyObject): string | undefined {
  try {
    readBitOctets(signature, 'the signature');
    return misfitWithKey(algorithmOf(algorithm), publicKey);
  } catch (error) {
    if (error instanceof Malformed) return error.message;
    throw error;
  }
}

/** Returns true if the key made the signature of a request: its three parts are the signed part, the algorithm and the signature. */
function isSigned([signed, algorithm, signature]: readonly Der[], publicKey: KeyObject): boolean {
  try {
    return isSignatureBy(
      {
        ...algorithmOf(algorithm),
        signed: signed?.bytes ?? Buffer.alloc(0),
        value: readBitOctets(signature, 'the signature'),
      },
      publicKey,
    );
  } catch (error) {
    if (error instanceof Malformed) return false;
    throw error;
  }
}

/** Maximum number of characters. A real request is below 4 KB, even with an RSA key of 4096 bits and extensions. */
const textLimit = 32 * 1024;
