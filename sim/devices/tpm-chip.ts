import { cpSync } from 'node:fs';
import { Swtpm } from '../tpm/swtpm.ts';
import { Tpm } from '../tpm/tpm.ts';
import { PowerLost } from './power-cut.ts';

/** How a TPM is built. The first three keep what they hold; the state of a software TPM is a file like any other. */
export const tpmKinds = ['discrete', 'firmware', 'integrated', 'software'] as const;

export type TpmKind = (typeof tpmKinds)[number];

/**
 * The TPM of one device: a real swtpm process while the device has power, and nothing but its state directory while it
 * has none.
 */
export class TpmChip {
  readonly kind: TpmKind;
  /** What the client of its device makes the endorsement key from. */
  readonly ekTemplate: 'sdk' | 'tcg-l1';
  readonly #stateDir: string;
  /** A process that runs or is being started: two who ask at once share one. */
  #running: Promise<{ readonly process: Swtpm; readonly tpm: Tpm }> | undefined;
  #isRetired = false;
  #commandsUntilCut: number | undefined;

  constructor(stateDir: string, ekTemplate: 'sdk' | 'tcg-l1', kind: TpmKind = 'discrete') {
    this.#stateDir = stateDir;
    this.ekTemplate = ekTemplate;
    this.kind = kind;
  }

  /**
   * Does something with the TPM, powering it on first where it is off.
   *
   * @throws PowerLost where the power goes in the middle of it.
   */
  async use<T>(work: (tpm: Tpm) => Promise<T>): Promise<T> {
    return work((await this.#on()).tpm);
  }

  /** Carries one command of somebody else to the TPM, in turn with ours. */
  async transmit(command: Buffer): Promise<Buffer> {
    return (await this.#on()).process.transmit(command);
  }

  #on(): Promise<{ readonly process: Swtpm; readonly tpm: Tpm }> {
    if (this.#isRetired) return Promise.reject(new PowerLost('the TPM has lost its power for good'));
    this.#running ??= this.#start().catch((error: unknown) => {
      this.#running = undefined;
      throw error;
    });
    return this.#running;
  }

  async #start() {
    const process = await Swtpm.start({ stateDir: this.#stateDir });
    const tpm = new Tpm((command) => this.#transmit(process, command), { ekTemplate: this.ekTemplate });
    return { process, tpm };
  }

  /** Stops the process; its state stays on disk, as a chip keeps its own without power. */
  async powerOff(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await (await running?.catch(() => undefined))?.process.stop();
  }

  /**
   * Takes the power away for good: at the end of a run, or when its device loses it. A late command of a program would otherwise
   * power the TPM on again, to write into a folder that is being removed.
   */
  async retire(): Promise<void> {
    this.#isRetired = true;
    await this.powerOff();
  }

  /** Takes the power away without a word. */
  async cutPower(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await (await running?.catch(() => undefined))?.process.cut();
  }

  /** The power will go after that many commands; undefined for never. */
  cutPowerAfter(commands: number | undefined): void {
    this.#commandsUntilCut = commands;
  }

  /** From here on this chip holds what the other one holds: its seeds, its keys, its passwords. */
  async becomeCopyOf(other: TpmChip): Promise<void> {
    // Its first start makes a TPM what it is. Once it answers that is on disk, and there is something to copy.
    await other.use((tpm) => tpm.hasIdentity());
    await this.powerOff();
    cpSync(other.#stateDir, this.#stateDir, { recursive: true, filter: (path) => !path.endsWith('.lock') });
  }

  async #transmit(process: Swtpm, command: Buffer): Promise<Buffer> {
    const response = await process.transmit(command);
    if (this.#commandsUntilCut === undefined || --this.#commandsUntilCut > 0) return response;
    this.#commandsUntilCut = undefined;
    await this.cutPower();
    throw new PowerLost('the power went while the TPM was at work');
  }
}
