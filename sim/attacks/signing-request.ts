import { sign } from 'node:crypto';
import { makeSigningRequest } from '../../core/x509/mint/make-signing-request.ts';
import { generateKeyPair, type KeyPair } from '../../core/x509/mint/key-pair.ts';
import { oddKey } from './odd-key.ts';

/** Ways to make a certificate signing request. A CA needs a different rule to reject each of them, except `plain`. */
export const requestWays = ['plain', 'odd-key', 'key-of-another', 'unreadable'] as const;

/** A certificate signing request (DER in base64) and a key pair. */
export interface MadeRequest {
  readonly csr: string;
  readonly keys: KeyPair;
}

/** Makes a certificate signing request for a name. `how` selects a valid request (`plain`) or the rule that the request breaks. */
export async function makeRequest(name: string, how: (typeof requestWays)[number]): Promise<MadeRequest> {
  const keys = how === 'odd-key' ? await oddKey() : await generateKeyPair('P-256');
  // `key-of-another`: the attacker knows only the public key in the request, not its private key. So another key signs the request.
  const signer = how === 'key-of-another' ? await generateKeyPair('P-256') : keys;
  const csr = await makeSigningRequest(name, {
    kind: keys.kind,
    publicKey: keys.publicKey,
    sign: async (body) => sign('SHA-256', body, { key: signer.privateKey, dsaEncoding: 'ieee-p1363' }),
  });
  // `unreadable`: the request is truncated, as if a database field was too short for it.
  return { csr: how === 'unreadable' ? csr.slice(0, 200) : csr, keys };
}
