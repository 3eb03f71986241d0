import { sign } from 'node:crypto';
import { generateKeyPair } from '../../core/x509/mint/key-pair.ts';
import { KeyStoreDestroyed } from './key-store-destroyed.ts';
import type { KeyKind } from '../../core/x509/mint/key-pair.ts';
import type { KeyStore, StoredKeyPair } from './key-store.ts';

/** Keys in the memory of this process. They are the keys of the stores `file` and `image`, and of each store that is only a model. */
export class SoftwareKeys implements KeyStore {
  #isDestroyed = false;

  async makeKeyPair(kind: KeyKind): Promise<StoredKeyPair> {
    this.#assertUsable();
    const { publicKey, privateKey } = await generateKeyPair(kind);
    const hash = kind === 'P-384' ? 'SHA-384' : 'SHA-256';
    return {
      kind,
      publicKey,
      sign: async (body) => {
        this.#assertUsable();
        return sign(hash, body, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      },
      handshake: { keyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() },
    };
  }

  async keepSymmetricKey(key: Buffer): Promise<Buffer> {
    this.#assertUsable();
    return key;
  }

  /** A new TPM makes this model usable again after the loss of the former TPM. */
  replaceChip(): void {
    this.#isDestroyed = false;
  }

  async destroy(): Promise<void> {
    this.#isDestroyed = true;
  }

  #assertUsable(): void {
    if (this.#isDestroyed) throw new KeyStoreDestroyed();
  }
}
