import { cpSync } from 'node:fs';
import { Swtpm } from '../tpm/swtpm.ts';
import { Tpm } from '../tpm/tpm.ts';
import { PowerLost } from './power-cut.ts';

/** Kinds of TPM. The first three protect their secrets; the state of a software TPM is a file that can be copied. */
export const tpmKinds = ['discrete', 'firmware', 'integrated', 'software'] as const;

export type TpmKind = (typeof tpmKinds)[number];

/** The TPM of one device: an swtpm process while it has power, and only its state directory while it has none. */
export class TpmChip {
  readonly kind: TpmKind;
  /** Template from which the client of the device makes the endorsement key. */
  readonly ekTemplate: 'sdk' | 'tcg-l1';
  readonly #stateDir: string;
  /** The process that runs or is starting; two callers at the same time share it. */
  #running: Promise<{ readonly process: Swtpm; readonly tpm: Tpm }> | undefined;
  #isRetired = false;
  #commandsUntilCut: number | undefined;

  constructor(stateDir: string, ekTemplate: 'sdk' | 'tcg-l1', kind: TpmKind = 'discrete') {
    this.#stateDir = stateDir;
    this.ekTemplate = ekTemplate;
    this.kind = kind;
  }

  /**
   * Runs `work` with the TPM, and powers it on first if it is off.
   *
   * @throws PowerLost if the power fails during the work, or was taken away for good.
   */
  async use<T>(work: (tpm: Tpm) => Promise<T>): Promise<T> {
    return work((await this.#on()).tpm);
  }

  /** Sends one command of another program to the TPM; commands queue. */
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

  /** Powers the TPM off. Its state stays on disk. */
  async powerOff(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await (await running?.catch(() => undefined))?.process.stop();
  }

  /**
   * Cuts the power permanently: at the end of a run, or when the device loses the TPM. A late command of a program would otherwise
   * power the TPM on again, and the TPM would write into a folder that is being removed.
   */
  async retire(): Promise<void> {
    this.#isRetired = true;
    await this.powerOff();
  }

  /** Cuts the power without TPM2_Shutdown. */
  async cutPower(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await (await running?.catch(() => undefined))?.process.cut();
  }

  /** Plans a power cut after a number of commands; undefined cancels it. */
  cutPowerAfter(commands: number | undefined): void {
    this.#commandsUntilCut = commands;
  }

  /** Copies the state of another TPM into this one: seeds, keys and passwords. */
  async becomeCopyOf(other: TpmChip): Promise<void> {
    // The first start of a TPM makes its state. The state is on disk as soon as the TPM answers.
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
