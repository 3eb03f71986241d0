// The library keeps its own registry of algorithms, which needs the metadata first.
import 'reflect-metadata';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { Pkcs10CertificateRequest } from '@peculiar/x509';
import { Malformed, readDer } from './der/der.ts';
import { isCostlyKey } from './key-strength.ts';

/** A certificate signing request (RFC 2986) that could be read; its signature has not been looked at. */
export interface SigningRequest {
  /** Every common name of the subject, in order. */
  readonly commonNames: readonly string[];
  readonly publicKey: KeyObject;
  /** Whether the private half of `publicKey` signed it. */
  isSignedByItsKey(): Promise<boolean>;
}

/**
 * Reads a request as devices send it: base64 of DER, without PEM armour. Anything else gives a sentence; nothing is
 * thrown.
 */
export function readSigningRequest(
  text: string,
): { readonly ok: true; readonly request: SigningRequest } | { readonly ok: false; readonly problem: string } {
  if (text.length > textLimit) return { ok: false, problem: `${text.length} characters, more than are read` };
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return { ok: false, problem: 'not base64' };
  const der = Buffer.from(text, 'base64');
  try {
    // The library would let bytes pass that follow the structure.
    readDer(der, 'the request');
    const request = new Pkcs10CertificateRequest(der);
    const publicKey = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' });
    return {
      ok: true,
      request: {
        commonNames: request.subjectName.getField('CN'),
        publicKey,
        isSignedByItsKey: async () => !isCostlyKey(publicKey) && (await isSigned(request)),
      },
    };
  } catch (error) {
    return { ok: false, problem: error instanceof Malformed ? error.message : 'not a PKCS #10 structure' };
  }
}

/** The library throws where key and algorithm do not fit each other: then the key has not signed. */
async function isSigned(request: Pkcs10CertificateRequest): Promise<boolean> {
  try {
    return await request.verify();
  } catch {
    return false;
  }
}

/** An honest request is below 4 KB, also with an RSA key of 4096 bits and its extensions. */
const textLimit = 32 * 1024;
