import { createHash, createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import { handles } from '../../core/tpm/templates.ts';
import type { TpmChip } from '../devices/tpm-chip.ts';
import type { RecordBroken } from '../processes/broken-parts.ts';
import { openTpmListener } from '../tpm/tpm-listener.ts';
import { StepProblem } from '../world/step-problem.ts';
import { KeyStoreDestroyed } from './key-store-destroyed.ts';
import type { HeldSymmetricKey, KeyStore, StoredKeyPair } from './key-store.ts';

/**
 * Keys in a TPM: key pairs with one handle each, and one symmetric key at a time. The keys stay until a caller removes them or the TPM is
 * cleared. The memory of the TPM limits the number of key pairs.
 */
export class TpmKeys implements KeyStore {
  /** The TPM; undefined after it was lost. */
  #chip: TpmChip | undefined;
  readonly #folder: string;
  readonly #onBroken: RecordBroken | undefined;
  /** Handle of the next key pair. A handle is never reused: otherwise the certificate of an earlier pair would get another key. */
  #nextHandle: number = handles.signingKey;
  /** Number of symmetric keys imported so far. All of them use the same handle, so only the last key still exists. */
  #symmetricKeys = 0;
  #listeners = 0;

  /**
   * @param folder a private folder for sockets; its path must be short.
   * @param onBroken receives each helper process of a handshake that crashes or fails.
   */
  constructor(chip: TpmChip, folder: string, onBroken?: RecordBroken) {
    this.#chip = chip;
    this.#folder = folder;
    this.#onBroken = onBroken;
  }

  /**
   * Makes a key pair in the TPM.
   * @throws StepProblem for any kind except P-256.
   * @throws UnexpectedTpmFailure if the TPM cannot make a key, for example because it is full.
   */
  async makeKeyPair(kind: StoredKeyPair['kind']): Promise<StoredKeyPair> {
    if (kind !== 'P-256')
      throw new StepProblem(`keyStore: tpm makes P-256 keys, not ${kind}; use P-256 or another key store`);
    const handle = this.#nextHandle++;
    const spki = await this.#usable().use((tpm) => tpm.makeSigningKey(handle));
    return {
      kind,
      publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }),
      sign: async (body) =>
        this.#usable().use((tpm) => tpm.signDigest(createHash('sha256').update(body).digest(), handle)),
      handshake: {
        held: {
          folder: this.#folder,
          onBroken: this.#onBroken,
          access: () => this.#access(handle),
          remove: () => this.#remove(handle),
        },
      },
    };
  }

  async keepSymmetricKey(key: Buffer): Promise<HeldSymmetricKey> {
    await this.#usable().use((tpm) => tpm.keepIdentity(key));
    const number = ++this.#symmetricKeys;
    return {
      hmac: async (data) => {
        const signed = await this.#usable().use((tpm) => tpm.signWithIdentity(data));
        if (!signed.ok) throw new Error(`the TPM does not sign: ${signed.failure.sentence}`);
        return signed.value;
      },
      remove: async () => {
        if (number === this.#symmetricKeys) await this.#remove(handles.identityKey);
      },
    };
  }

  replaceChip(chip: TpmChip): void {
    this.#chip = chip;
    this.#symmetricKeys++;
  }

  /** Drops the reference to the TPM, because the device has lost the TPM with all its keys. */
  async destroy(): Promise<void> {
    this.#chip = undefined;
  }

  #usable(): TpmChip {
    if (this.#chip === undefined) throw new KeyStoreDestroyed();
    return this.#chip;
  }

  async #remove(handle: number): Promise<void> {
    await this.#chip?.use((tpm) => tpm.forgetKey(handle));
  }

  /** Opens a socket through which one helper process can use the TPM. */
  async #access(handle: number) {
    const chip = this.#usable();
    const listener = await openTpmListener(join(this.#folder, `tpm-${++this.#listeners}`), (command) =>
      chip.transmit(command),
    );
    // The TPM only signs, and OpenSSL makes the rest of the TLS session. If OpenSSL preferred the provider of the TPM for elliptic curves
    // too, it would not offer the group secp256r1. A server of TLS 1.2 would then refuse the client certificate, because the client does
    // not offer the curve of this certificate (tls1_check_group_id of OpenSSL).
    const preference = '?tpm2.signature=yes';
    return {
      words: [
        '-provider',
        'default',
        '-provider',
        'tpm2',
        '-propquery',
        preference,
        '-key',
        `handle:0x${handle.toString(16)}`,
      ],
      environment: { TPM2OPENSSL_TCTI: `swtpm:path=${listener.path}` },
      release: listener.close,
    };
  }
}
