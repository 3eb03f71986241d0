import { TpmChip, type TpmKind } from './tpm-chip.ts';

/** All TPMs of a world, including replaced ones and copies. The world cuts the power of all of them at its end. */
export class Chips {
  readonly #directory: { subdirectory(name: string): string };
  readonly #made: TpmChip[] = [];

  constructor(directory: { subdirectory(name: string): string }) {
    this.#directory = directory;
  }

  /**
   * Makes a new TPM in factory state.
   * @param name becomes part of the name of its state directory.
   */
  make(name: string, ekTemplate: 'sdk' | 'tcg-l1', kind: TpmKind): TpmChip {
    const chip = new TpmChip(this.#directory.subdirectory(name), ekTemplate, kind);
    this.#made.push(chip);
    return chip;
  }

  /** Cuts the power of all TPMs permanently. */
  async retire(): Promise<void> {
    await Promise.all(this.#made.map((chip) => chip.retire()));
  }
}
