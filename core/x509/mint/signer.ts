import { sign, type KeyObject, type webcrypto } from 'node:crypto';
import type { KeyKind, KeyPair } from './key-pair.ts';

/** Whoever signs: a key pair of ours, or a key that stays where it is, such as in a security module. */
export type Signer = Pick<KeyPair, 'kind' | 'privateKey'> | RemoteSigner;

export interface RemoteSigner {
  readonly kind: KeyKind;
  /** Signs with the kind's own hash. The answer of an elliptic curve is r and s side by side, as PKCS #11 gives it. */
  readonly sign: (body: Buffer) => Promise<Buffer>;
}

/**
 * What `@peculiar/x509` signs with. It takes whatever its Crypto makes of a key: here the signer itself, which may be far
 * away. `subtle` does nothing but sign, and tell `publicKey` where the library wants to know it.
 */
export function signingTools(signer: Signer, publicKey?: KeyObject) {
  const signingAlgorithm = algorithms[signer.kind];
  return {
    signingAlgorithm,
    signingKey: { algorithm: signingAlgorithm } as unknown as webcrypto.CryptoKey,
    subtle: {
      sign: async (_algorithm: unknown, _key: unknown, tbs: ArrayBuffer) => signatureBy(signer, Buffer.from(tbs)),
      exportKey: async () => publicKey?.export({ format: 'der', type: 'spki' }),
    } as unknown as webcrypto.SubtleCrypto,
  };
}

function signatureBy(signer: Signer, body: Buffer): Promise<Buffer> | Buffer {
  if ('sign' in signer) return signer.sign(body);
  return sign(algorithms[signer.kind].hash, body, { key: signer.privateKey, dsaEncoding: 'ieee-p1363' });
}

const algorithms = {
  'P-256': { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  'P-384': { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
  'RSA-2048': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
} as const satisfies Record<KeyKind, object>;
