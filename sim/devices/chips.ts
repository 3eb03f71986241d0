import { TpmChip, type TpmKind } from './tpm-chip.ts';

/** All TPMs of a world, also those that were replaced or copied: each is switched off for good at the end. */
export class Chips {
  readonly #directory: { subdirectory(name: string): string };
  readonly #made: TpmChip[] = [];

  constructor(directory: { subdirectory(name: string): string }) {
    this.#directory = directory;
  }

  /** A new chip, as it comes from its maker. @param name for its state directory. */
  make(name: string, ekTemplate: 'sdk' | 'tcg-l1', kind: TpmKind): TpmChip {
    const chip = new TpmChip(this.#directory.subdirectory(name), ekTemplate, kind);
    this.#made.push(chip);
    return chip;
  }

  /** All of them for good. */
  async retire(): Promise<void> {
    await Promise.all(this.#made.map((chip) => chip.retire()));
  }
}
