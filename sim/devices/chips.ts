import type { RecordBroken } from '../processes/broken-parts.ts';
import { PooledState } from '../tpm/pooled-state.ts';
import type { TpmPool } from '../tpm/tpm-pool.ts';
import { TpmChip, type TpmKind } from './tpm-chip.ts';

/** All TPMs of one simulated world, including replaced TPMs and copies. At its end, the world cuts the power of all these TPMs. */
export class Chips {
  readonly #directory: { subdirectory(name: string): string };
  readonly #made: TpmChip[] = [];
  readonly #pool: TpmPool | undefined;
  readonly #onBroken: RecordBroken | undefined;

  /**
   * @param pool source of TPMs that already have their keys. Default: every TPM makes its keys.
   * @param onBroken receives each swtpm process that crashes.
   */
  constructor(directory: { subdirectory(name: string): string }, pool?: TpmPool, onBroken?: RecordBroken) {
    this.#directory = directory;
    this.#onBroken = onBroken;
    this.#pool = pool;
  }

  /**
   * Makes a new TPM in factory state.
   * @param name becomes part of the name of its state directory.
   */
  make(name: string, ekTemplate: 'sdk' | 'tcg-l1', kind: TpmKind): TpmChip {
    const [pool, slot] = [this.#pool, this.#made.length];
    const pooled = pool && ((stateDir: string) => new PooledState(pool, slot, stateDir));
    const chip = new TpmChip(this.#directory.subdirectory(name), ekTemplate, kind, {
      pooled,
      onBroken: this.#onBroken,
    });
    this.#made.push(chip);
    return chip;
  }

  /** Cuts the power of all TPMs permanently. */
  async retire(): Promise<void> {
    await Promise.all(this.#made.map((chip) => chip.retire()));
  }
}
