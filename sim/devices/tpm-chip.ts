import { cpSync } from 'node:fs';
import { Swtpm } from '../tpm/swtpm.ts';
import { Tpm } from '../tpm/tpm.ts';
import { PowerLost } from './power-cut.ts';

/** Kinds of TPM. The first three are hardware and protect their secrets. A software TPM keeps its state in a file that can be copied. */
export const tpmKinds = ['discrete', 'firmware', 'integrated', 'software'] as const;

export type TpmKind = (typeof tpmKinds)[number];

/** The TPM of one device. With power, it is an swtpm process; without power, it is only the state directory of that process. */
export class TpmChip {
  readonly kind: TpmKind;
  /** Template with which the client of the device creates the endorsement key. */
  readonly ekTemplate: 'sdk' | 'tcg-l1';
  readonly #stateDir: string;
  /** The swtpm process, running or starting. Two callers at the same time share it. */
  #running: Promise<{ readonly process: Swtpm; readonly tpm: Tpm }> | undefined;
  #isRetired = false;
  #commandsUntilCut: number | undefined;

  constructor(stateDir: string, ekTemplate: 'sdk' | 'tcg-l1', kind: TpmKind = 'discrete') {
    this.#stateDir = stateDir;
    this.ekTemplate = ekTemplate;
    this.kind = kind;
  }

  /**
   * Runs `work` with the TPM, and powers the TPM on first if it is off.
   * @throws PowerLost if the power fails during the work or was cut permanently.
   */
  async use<T>(work: (tpm: Tpm) => Promise<T>): Promise<T> {
    return work((await this.#on()).tpm);
  }

  /** Sends one TPM command of another program. Commands that arrive at the same time wait in a queue. */
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

  /** Powers the TPM off. Its state stays in the state directory. */
  async powerOff(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await (await running?.catch(() => undefined))?.process.stop();
  }

  /**
   * Cuts the power permanently, at the end of a run or when the device loses the TPM. Otherwise a late command could power the TPM on
   * again, and the TPM would write into a folder that is being removed.
   */
  async retire(): Promise<void> {
    this.#isRetired = true;
    await this.powerOff();
  }

  /** Cuts the power without a TPM2_Shutdown before. */
  async cutPower(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await (await running?.catch(() => undefined))?.process.cut();
  }

  /** Plans a power cut after a number of commands. The value undefined cancels a planned cut. */
  cutPowerAfter(commands: number | undefined): void {
    this.#commandsUntilCut = commands;
  }

  /** Replaces the state of this TPM with a copy of the state of another: seeds, keys and passwords. */
  async becomeCopyOf(other: TpmChip): Promise<void> {
    // A TPM makes its state at its first start. The state is on disk as soon as the TPM answers a command.
    await other.use((tpm) => tpm.hasIdentity());
    await this.powerOff();
    cpSync(other.#stateDir, this.#stateDir, { recursive: true, filter: (path) => !path.endsWith('.lock') });
  }

  async #transmit(process: Swtpm, command: Buffer): Promise<Buffer> {
    const response = await process.transmit(command);
    if (this.#commandsUntilCut === undefined || --this.#commandsUntilCut > 0) return response;
    this.#commandsUntilCut = undefined;
    await this.cutPower();
    throw new PowerLost('the power failed during a command of the TPM');
  }
}
