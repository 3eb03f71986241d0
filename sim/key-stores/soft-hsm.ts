import { createHash, createPublicKey } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshKey } from '../../core/random.ts';
import type { KeyKind } from '../../core/x509/mint/key-pair.ts';
import type { RecordBroken } from '../processes/broken-parts.ts';
import type { MissingPart } from '../processes/missing-part.ts';
import { KeyStoreDestroyed } from './key-store-destroyed.ts';
import type { HeldSymmetricKey, KeyStore, StoredKeyPair } from './key-store.ts';
import { opensslPart } from './openssl-part.ts';
import { runTool } from './run-tool.ts';

/**
 * One SoftHSM token. Short-lived processes use the token through PKCS #11, one for each task. The token generates its keys as sensitive and
 * not extractable, so no PKCS #11 call returns them. SoftHSM encrypts its files with the PIN; a real device has a chip instead.
 */
export class SoftHsm implements KeyStore {
  readonly #folder: string;
  readonly #onBroken: RecordBroken | undefined;
  readonly #environment: Readonly<Record<string, string>>;
  /** The PIN is visible on command lines. The private folder, not the PIN, protects the token from other users. */
  readonly #pin = freshKey(8).toString('hex');
  #ready: Promise<unknown> | undefined;
  #keys = 0;
  /** PKCS #11 object types of each key, by the label of the key. */
  readonly #objects = new Map<string, readonly ('privkey' | 'pubkey' | 'secrkey')[]>();
  #isDestroyed = false;

  /**
   * @param folder a private folder. The run removes it at its end.
   * @param onBroken receives each helper program that crashes or fails.
   */
  constructor(folder: string, onBroken?: RecordBroken) {
    this.#folder = folder;
    this.#onBroken = onBroken;
    const tokens = join(folder, 'tokens');
    const configuration = join(folder, 'softhsm2.conf');
    mkdirSync(tokens, { mode: 0o700 });
    writeFileSync(configuration, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
    this.#environment = { SOFTHSM2_CONF: configuration, PKCS11_MODULE_PATH: softHsmLibrary() ?? '' };
  }

  async makeKeyPair(kind: KeyKind): Promise<StoredKeyPair> {
    const label = this.#nextLabel();
    await this.#tool(
      '--keypairgen',
      '--key-type',
      keyTypes[kind],
      '--label',
      label,
      '--id',
      idOf(label),
      '--usage-sign',
    );
    this.#objects.set(label, ['privkey', 'pubkey']);
    const der = await this.#tool('--read-object', '--type', 'pubkey', '--id', idOf(label));
    return {
      kind,
      publicKey: createPublicKey({ key: der, format: 'der', type: 'spki' }),
      sign: (body) => this.#sign(kind, label, body),
      handshake: {
        held: {
          folder: this.#folder,
          onBroken: this.#onBroken,
          access: async () => {
            if (this.#isDestroyed) throw new KeyStoreDestroyed();
            return {
              words: ['-engine', 'pkcs11', '-keyform', 'engine', '-key', this.#addressOf(label)],
              environment: this.#environment,
              release: () => {},
            };
          },
          remove: () => this.#remove(label),
        },
      },
    };
  }

  async keepSymmetricKey(key: Buffer): Promise<HeldSymmetricKey> {
    const label = this.#nextLabel();
    // `pkcs11-tool` cannot read a key from a pipe, so it reads the key from a private file that exists only during the import.
    await this.#withFile(key, (path) =>
      this.#tool(
        '--write-object',
        path,
        '--type',
        'secrkey',
        '--label',
        label,
        '--id',
        idOf(label),
        '--usage-sign',
        '--sensitive',
        '--private',
      ),
    );
    this.#objects.set(label, ['secrkey']);
    return {
      hmac: (data) =>
        this.#withFile(data, (path) => this.#tool('--sign', '-m', 'SHA256-HMAC', '--id', idOf(label), '-i', path)),
      remove: () => this.#remove(label),
    };
  }

  async #remove(label: string): Promise<void> {
    const objects = this.#objects.get(label) ?? [];
    this.#objects.delete(label);
    for (const type of objects) await this.#tool('--delete-object', '--type', type, '--id', idOf(label));
  }

  async destroy(): Promise<void> {
    this.#isDestroyed = true;
    this.#objects.clear();
    // A tool may still be making the token. Without this wait, the tool could write into a folder that the run has already removed.
    await this.#ready?.catch(() => undefined);
    rmSync(join(this.#folder, 'tokens'), { recursive: true, force: true });
  }

  #sign(kind: KeyKind, label: string, body: Buffer): Promise<Buffer> {
    // With ECDSA, SoftHSM expects a hash; with RSA, it hashes the data itself.
    const data =
      kind === 'RSA-2048'
        ? body
        : createHash(kind === 'P-384' ? 'sha384' : 'sha256')
            .update(body)
            .digest();
    const mechanism = kind === 'RSA-2048' ? 'SHA256-RSA-PKCS' : 'ECDSA';
    return this.#withFile(data, (path) => this.#tool('--sign', '-m', mechanism, '--id', idOf(label), '-i', path));
  }

  async #tool(...words: string[]): Promise<Buffer> {
    if (this.#isDestroyed) throw new KeyStoreDestroyed();
    this.#ready ??= this.#initialise();
    await this.#ready;
    const login = ['--module', softHsmLibrary() ?? '', '--token-label', tokenLabel, '--pin', this.#pin];
    return runTool('pkcs11-tool', [...login, ...words], this.#environment, softHsmParts, this.#onBroken);
  }

  #initialise(): Promise<unknown> {
    const pins = ['--pin', this.#pin, '--so-pin', this.#pin];
    const words = ['--init-token', '--free', '--label', tokenLabel, ...pins];
    return runTool('softhsm2-util', words, this.#environment, softHsmParts, this.#onBroken);
  }

  #nextLabel(): string {
    return `key-${++this.#keys}`;
  }

  /** Returns the PKCS #11 URI of a private key (RFC 7512). */
  #addressOf(label: string): string {
    return `pkcs11:token=${tokenLabel};object=${label};type=private;pin-value=${this.#pin}`;
  }

  async #withFile<T>(content: Buffer, work: (path: string) => Promise<T>): Promise<T> {
    const path = join(this.#folder, `input-${++this.#files}`);
    writeFileSync(path, content, { mode: 0o600 });
    try {
      return await work(path);
    } finally {
      rmSync(path);
    }
  }

  #files = 0;
}

/** Returns the programs and libraries of SoftHSM that are not installed; undefined if all are installed. */
export function missingSoftHsm(): MissingPart | undefined {
  return softHsmLibrary() === undefined || opensslPart('engine', 'pkcs11.so') === undefined ? softHsmParts : undefined;
}

const softHsmParts: MissingPart = {
  part: 'SoftHSM with its tools',
  remedy: 'apt-get install softhsm2 opensc openssl libengine-pkcs11-openssl',
};

function softHsmLibrary(): string | undefined {
  return libraries.find(existsSync);
}

/** Paths of the SoftHSM library in Debian, Fedora and other distributions. */
const libraries = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm.so',
  '/usr/lib/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
];

const tokenLabel = 'device';

const keyTypes: Readonly<Record<KeyKind, string>> = {
  'P-256': 'EC:prime256v1',
  'P-384': 'EC:secp384r1',
  'RSA-2048': 'rsa:2048',
};

/** Returns the PKCS #11 ID for a label. `pkcs11-tool` ignores the label when it signs, so keys are selected by ID. */
function idOf(label: string): string {
  return Buffer.from(label).toString('hex');
}
