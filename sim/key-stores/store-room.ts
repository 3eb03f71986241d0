import type { History } from '../../core/history/history.ts';
import { PartMissing } from '../../core/part-missing.ts';
import type { TpmChip } from '../devices/tpm-chip.ts';
import { openRunDirectory, type RunDirectory } from '../tpm/state-dirs.ts';
import { keyStores } from './index.ts';
import type { KeyStoreName } from './key-store-name.ts';
import type { KeyStore, KeyStoreKind } from './key-store.ts';
import { SoftwareKeys } from './software-keys.ts';

/** What to do where a real store lacks a part of this machine. */
export type MissingParts =
  /** The scenario is not played. */
  | 'skip'
  /** A model in software stands in, and the run says so. */
  | 'model';

/** Every key store of one world, and the private folder in which their parts keep what they keep. */
export class StoreRoom {
  #directory: RunDirectory | undefined;
  readonly #history: History;
  readonly #missingParts: MissingParts;
  readonly #models: string[] = [];

  constructor(history: History, missingParts: MissingParts) {
    this.#history = history;
    this.#missingParts = missingParts;
  }

  /** Made when the first store or TPM needs it: most worlds have none. */
  subdirectory(name: string): string {
    this.#directory ??= openRunDirectory();
    return this.#directory.subdirectory(name);
  }

  /** Sentences about the stores that a model stands in for. */
  get models(): readonly string[] {
    return this.#models;
  }

  /**
   * Opens a store for a device or a CA.
   *
   * @throws PartMissing where a part is missing and no model is wanted.
   */
  open(name: KeyStoreName, owner: string, chip?: TpmChip): KeyStore {
    const kind: KeyStoreKind = keyStores[name];
    const missing = kind.missingPart?.();
    if (missing === undefined) return kind.open({ makeFolder: () => this.subdirectory(name), chip });
    const lacking = new PartMissing(missing.part, missing.remedy);
    if (this.#missingParts === 'skip') throw lacking;
    const sentence = `the ${name} of ${owner} is a model in software: ${lacking.message}`;
    this.#models.push(sentence);
    this.#history.record({ kind: 'deed', party: 'manufacturer', subject: owner, sentence });
    return new SoftwareKeys();
  }

  close(): void {
    this.#directory?.close();
  }
}
