import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyPair } from '../../core/x509/mint/key-pair.ts';

/**
 * Generates a key on an elliptic curve that DPS rejects as too weak. A short RSA key cannot replace it, because newer TLS libraries do not
 * send such a key.
 */
export async function oddKey(): Promise<KeyPair> {
  return { kind: 'P-256', ...(await promisify(generateKeyPair)('ec', { namedCurve: 'brainpoolP256t1' })) };
}
