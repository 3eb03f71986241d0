import type { History } from '../../core/history/history.ts';
import { PartMissing } from '../../core/part-missing.ts';
import type { TpmChip } from '../devices/tpm-chip.ts';
import type { RecordBroken } from '../processes/broken-parts.ts';
import { openRunDirectory, type RunDirectory } from '../tpm/state-dirs.ts';
import { keyStores } from './index.ts';
import type { KeyStoreName } from './key-store-name.ts';
import type { KeyStore, KeyStoreKind } from './key-store.ts';
import { SoftwareKeys } from './software-keys.ts';

/** Action if a key store needs a program or library that is not installed. */
export type MissingParts =
  /** The run skips the scenario. */
  | 'skip'
  /** A software model replaces the store, and the run reports this. */
  | 'model';

/** Opens the key stores of one simulated world, and owns the private folder for the files of these stores. */
export class WorldKeyStores {
  #directory: RunDirectory | undefined;
  readonly #history: History;
  readonly #missingParts: MissingParts;
  readonly #onBroken: RecordBroken | undefined;
  readonly #models: string[] = [];

  /** @param onBroken receives each helper program of the stores that crashes or fails. */
  constructor(history: History, missingParts: MissingParts, onBroken?: RecordBroken) {
    this.#onBroken = onBroken;
    this.#history = history;
    this.#missingParts = missingParts;
  }

  /** Makes a private folder. The first call also makes the parent folder of the world; most worlds need no folder. */
  subdirectory(name: string): string {
    this.#directory ??= openRunDirectory();
    return this.#directory.subdirectory(name);
  }

  /** One sentence for each kind of store that a model replaces. */
  get models(): readonly string[] {
    return this.#models;
  }

  /**
   * Opens a key store for a device or a CA.
   * @throws PartMissing if a program or library is not installed and `missingParts` is `skip`.
   */
  open(name: KeyStoreName, owner: string, chip?: TpmChip): KeyStore {
    const kind: KeyStoreKind = keyStores[name];
    const missing = kind.missingPart?.();
    if (missing === undefined) {
      return kind.open({ makeFolder: () => this.subdirectory(name), chip, onBroken: this.#onBroken });
    }
    const lacking = new PartMissing(missing.part, missing.remedy);
    if (this.#missingParts === 'skip') throw lacking;
    const sentence = `software simulates the ${name} of ${owner}: ${lacking.message}`;
    this.#models.push(sentence);
    this.#history.record({ kind: 'deed', party: 'manufacturer', subject: owner, sentence });
    return new SoftwareKeys();
  }

  close(): void {
    this.#directory?.close();
  }
}
