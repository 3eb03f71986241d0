import { sign } from 'node:crypto';
import { makeSigningRequest } from '../../core/x509/mint/make-signing-request.ts';
import { generateKeyPair, type KeyPair } from '../../core/x509/mint/key-pair.ts';
import { oddKey } from './odd-key.ts';

/** Ways to make a signing request. A different rule detects each of them but the first. */
export const requestWays = ['plain', 'odd-key', 'key-of-another', 'unreadable'] as const;

/** A request (DER in base64) with its key pair. */
export interface MadeRequest {
  readonly csr: string;
  readonly keys: KeyPair;
}

/** Makes a request for a certificate of that name, valid or against a rule. */
export async function makeRequest(name: string, how: (typeof requestWays)[number]): Promise<MadeRequest> {
  const keys = how === 'odd-key' ? await oddKey() : await generateKeyPair('P-256');
  // A party that requests a certificate for a foreign key has only the public key.
  const signer = how === 'key-of-another' ? await generateKeyPair('P-256') : keys;
  const csr = await makeSigningRequest(name, {
    kind: keys.kind,
    publicKey: keys.publicKey,
    sign: async (body) => sign('SHA-256', body, { key: signer.privateKey, dsaEncoding: 'ieee-p1363' }),
  });
  // Truncated, as by a field that is too short.
  return { csr: how === 'unreadable' ? csr.slice(0, 200) : csr, keys };
}
