import { sign, type KeyObject, type webcrypto } from 'node:crypto';
import type { KeyKind, KeyPair } from './key-pair.ts';

/** The key that signs: a private key in this process, or a remote key, for example in a security module. */
export type Signer = Pick<KeyPair, 'kind' | 'privateKey'> | RemoteSigner;

export interface RemoteSigner {
  readonly kind: KeyKind;
  /**
   * Signs `body` with the hash that belongs to `kind`. For elliptic curves it returns r and s concatenated, as PKCS #11 does.
   */
  readonly sign: (body: Buffer) => Promise<Buffer>;
}

/**
 * Returns the parameters by which `@peculiar/x509` signs with a signer. `subtle` replaces the WebCrypto interface of the library: it
 * signs with the signer, which may be remote, and exports `publicKey`.
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
