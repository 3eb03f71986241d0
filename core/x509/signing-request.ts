// @peculiar/x509 needs this import before its own.
import 'reflect-metadata';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { Pkcs10CertificateRequest } from '@peculiar/x509';
import { childrenOf, expectTag, Malformed, readDer, tags, type Der } from './der/der.ts';
import { readBitOctets, readOid } from './der/der-values.ts';
import { defined } from '../defined.ts';
import { failed, succeeded, type Result } from '../result.ts';
import { readName, type DistinguishedName } from './name.ts';
import { isSignatureBy } from './signature.ts';

/** A certificate signing request (RFC 2986). The parser does not verify its signature. */
export interface SigningRequest {
  /** Every common name of the subject, in order. */
  readonly commonNames: readonly string[];
  readonly publicKey: KeyObject;
  /** Returns true if the private key of `publicKey` signed the request. */
  isSignedByItsKey(): Promise<boolean>;
}

/**
 * Reads a request in the form that devices send: base64 of DER, without PEM lines. Returns a failure for other input; never
 * throws.
 */
export function readSigningRequest(text: string): Result<SigningRequest> {
  if (text.length > textLimit) return rejected(`${text.length} characters, more than the limit of ${textLimit}`);
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return rejected('not base64');
  const der = Buffer.from(text, 'base64');
  try {
    // The library accepts extra bytes after the structure, so this call checks the length.
    const parts = childrenOf(readDer(der, 'the request'), 'the request');
    const request = new Pkcs10CertificateRequest(der);
    const publicKey = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' });
    return succeeded({
      commonNames: request.subjectName.getField('CN'),
      publicKey,
      isSignedByItsKey: () => Promise.resolve(isSigned(parts, publicKey)),
    });
  } catch (error) {
    return rejected(error instanceof Malformed ? error.message : 'not a PKCS #10 structure');
  }
}

/**
 * Returns the subject and the public key (SubjectPublicKeyInfo in DER) of a request that this program created.
 *
 * @param csr base64 of DER.
 * @throws Error if the text is not a request.
 */
export function requestedIn(csr: string): { readonly subject: DistinguishedName; readonly publicKeyInfo: Buffer } {
  const request = new Pkcs10CertificateRequest(Buffer.from(csr, 'base64'));
  const subject = readDer(Buffer.from(request.subjectName.toArrayBuffer()), 'the subject');
  return { subject: readName(subject, 'the subject'), publicKeyInfo: Buffer.from(request.publicKey.rawData) };
}

function rejected(sentence: string): Result<never> {
  return failed('request-unreadable', sentence);
}

/** Returns true if the key made the signature of a request: its three parts are the signed part, the algorithm and the signature. */
function isSigned([signed, algorithm, signature]: readonly Der[], publicKey: KeyObject): boolean {
  try {
    const [oid, parameters] = childrenOf(expectTag(algorithm, tags.sequence, 'the algorithm'), 'the algorithm');
    return isSignatureBy(
      {
        algorithm: readOid(oid, 'the algorithm'),
        ...defined({ parameters: parameters?.bytes }),
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
