import { sign } from 'node:crypto';
import { makeSigningRequest } from '../../core/x509/mint/make-signing-request.ts';
import { generateKeyPair, type KeyPair } from '../../core/x509/mint/key-pair.ts';
import { oddKey } from './odd-key.ts';

/** Ways to make a signing request for a name; each but the first is found by a rule of its own. */
export const requestWays = ['plain', 'odd-key', 'key-of-another', 'unreadable'] as const;

/** A request in base64 of DER, with the key pair that it is made for. */
export interface MadeRequest {
  readonly csr: string;
  readonly keys: KeyPair;
}

/** Makes a request for a certificate of that name, as it should be or against a rule. */
export async function makeRequest(name: string, how: (typeof requestWays)[number]): Promise<MadeRequest> {
  const keys = how === 'odd-key' ? await oddKey() : await generateKeyPair('P-256');
  // Whoever asks for the key of somebody else has the public half alone.
  const signer = how === 'key-of-another' ? await generateKeyPair('P-256') : keys;
  const csr = await makeSigningRequest(name, {
    kind: keys.kind,
    publicKey: keys.publicKey,
    sign: async (body) => sign('SHA-256', body, { key: signer.privateKey, dsaEncoding: 'ieee-p1363' }),
  });
  // What is left of it after a line that is too short.
  return { csr: how === 'unreadable' ? csr.slice(0, 200) : csr, keys };
}
