import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyPair } from '../../core/x509/mint/key-pair.ts';

/** A key on a curve that is in no list of strong ones: newer TLS libraries do not even send RSA keys that are too short. */
export async function oddKey(): Promise<KeyPair> {
  return { kind: 'P-256', ...(await promisify(generateKeyPair)('ec', { namedCurve: 'brainpoolP256t1' })) };
}
