import { sign } from 'node:crypto';
import { generateKeyPair } from '../../core/x509/mint/mint.ts';
import type { KeyStore } from './key-store.ts';

/** Keys in memory of ours: what a file or a firmware image holds, and the model of a store that has no real part here. */
export const softwareKeys: KeyStore = {
  makeKeyPair: async (kind) => {
    const { publicKey, privateKey } = await generateKeyPair(kind);
    const hash = kind === 'P-384' ? 'SHA-384' : 'SHA-256';
    return {
      kind,
      publicKey,
      sign: async (body) => sign(hash, body, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
      handshake: { keyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() },
    };
  },
  keepSymmetricKey: async (key) => key,
};
