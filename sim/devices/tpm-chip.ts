import { Swtpm } from '../tpm/swtpm.ts';
import { Tpm } from '../tpm/tpm.ts';

/**
 * The TPM of one device: a real swtpm process while the device has power, and nothing but its state directory while it
 * has none.
 */
export class TpmChip {
  readonly #stateDir: string;
  readonly #ekTemplate: 'sdk' | 'tcg-l1';
  #running: { readonly process: Swtpm; readonly tpm: Tpm } | undefined;
  /** What the factory noted down, to enroll: stays as it was when the key is rolled later. */
  extractedEndorsementKey: Buffer | undefined;

  constructor(stateDir: string, ekTemplate: 'sdk' | 'tcg-l1') {
    this.#stateDir = stateDir;
    this.#ekTemplate = ekTemplate;
  }

  /** Does something with the TPM, powering it on first where it is off. */
  async use<T>(work: (tpm: Tpm) => Promise<T>): Promise<T> {
    if (this.#running === undefined) {
      const process = await Swtpm.start({ stateDir: this.#stateDir });
      const tpm = new Tpm((command) => process.transmit(command), { ekTemplate: this.#ekTemplate });
      this.#running = { process, tpm };
    }
    return work(this.#running.tpm);
  }

  async extractEndorsementKey(): Promise<void> {
    this.extractedEndorsementKey = await this.use((tpm) => tpm.endorsementKey());
  }

  /** Stops the process; its state stays on disk, as a chip keeps its own without power. */
  async powerOff(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.process.stop();
  }
}
