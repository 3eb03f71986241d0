import { cpSync } from 'node:fs';
import type { RecordBroken } from '../processes/broken-parts.ts';
import type { TpmResult } from '../tpm/command.ts';
import type { PooledState } from '../tpm/pooled-state.ts';
import { Swtpm } from '../tpm/swtpm.ts';
import { Tpm, type PrimaryKeyName } from '../tpm/tpm.ts';
import { PowerLost } from './power-cut.ts';

/** Kinds of TPM. The first three are hardware and protect their secrets. A software TPM keeps its state in a file that can be copied. */
export const tpmKinds = ['discrete', 'firmware', 'integrated', 'software'] as const;

export type TpmKind = (typeof tpmKinds)[number];

/** A TPM with power. Its process starts only at the first command, so that a state from the pool can be copied before the start. */
interface Powered {
  process: Promise<Swtpm> | undefined;
  isOff: boolean;
  readonly tpm: Tpm;
}

/** The TPM of one device. With power, it is an swtpm process; without power, it is only the state directory of that process. */
export class TpmChip {
  readonly kind: TpmKind;
  /** Template with which the client of the device creates the endorsement key. */
  readonly ekTemplate: 'sdk' | 'tcg-l1';
  readonly #stateDir: string;
  #powered: Powered | undefined;
  readonly #pooled: PooledState | undefined;
  readonly #onBroken: RecordBroken | undefined;
  /** Number of commands without an answer. */
  #inFlight = 0;
  #isMakingKey = false;
  #isRetired = false;
  #commandsUntilCut: number | undefined;

  /**
   * @param options.pooled connects the TPM with the pool, which can provide its primary keys. Default: the TPM makes all its keys.
   * @param options.onBroken receives each swtpm process that crashes.
   */
  constructor(
    stateDir: string,
    ekTemplate: 'sdk' | 'tcg-l1',
    kind: TpmKind = 'discrete',
    {
      pooled,
      onBroken,
    }: {
      readonly pooled?: ((stateDir: string) => PooledState) | undefined;
      readonly onBroken?: RecordBroken | undefined;
    } = {},
  ) {
    this.#stateDir = stateDir;
    this.#onBroken = onBroken;
    this.#pooled = pooled?.(stateDir);
    this.ekTemplate = ekTemplate;
    this.kind = kind;
  }

  /**
   * Runs `work` with the TPM, and powers the TPM on first if it is off.
   * @throws PowerLost if the power fails during the work or was cut permanently.
   */
  async use<T>(work: (tpm: Tpm) => Promise<T>): Promise<T> {
    return work(this.#on().tpm);
  }

  /**
   * Makes the storage root key before a client needs it, as each client does at its first use of the TPM. Does nothing if the TPM has left
   * its factory state or a power cut is planned. A failure has no effect here: the client repeats the command and handles the failure.
   */
  async makeStorageRootKeyAhead(): Promise<void> {
    if (this.#pooled?.isOpenFor('storage-root') !== true || this.#commandsUntilCut !== undefined || this.#isRetired)
      return;
    await this.use((tpm) => tpm.storageRootKey()).catch(() => {});
  }

  /** Sends one TPM command of another program. Commands that arrive at the same time wait in a queue. */
  async transmit(command: Buffer): Promise<Buffer> {
    this.#pooled?.leave();
    return (await this.#processOf(this.#on())).transmit(command);
  }

  #on(): Powered {
    if (this.#isRetired) throw new PowerLost('the TPM has lost its power for good');
    if (this.#powered !== undefined) return this.#powered;
    const powered: Powered = {
      process: undefined,
      isOff: false,
      tpm: new Tpm((command) => this.#transmit(powered, command), {
        ekTemplate: this.ekTemplate,
        makePrimary: (key, make) => this.#makePrimary(powered, key, make),
      }),
    };
    this.#powered = powered;
    return powered;
  }

  /** Returns the swtpm process. Callers at the same time share this process. */
  #processOf(powered: Powered): Promise<Swtpm> {
    if (powered.isOff) return Promise.reject(new Error('the TPM has no power any more'));
    powered.process ??= this.#start().catch((error: unknown) => {
      powered.process = undefined;
      throw error;
    });
    return powered.process;
  }

  async #start(): Promise<Swtpm> {
    this.#pooled?.beforeStart();
    return Swtpm.start({ stateDir: this.#stateDir, onBroken: this.#onBroken });
  }

  /**
   * Makes a primary key. If the pool has a stored state of this TPM with the key, first restarts the TPM with that state. The TPM then need
   * not compute the key.
   */
  async #makePrimary<T extends TpmResult<unknown>>(
    powered: Powered,
    { handle, template }: PrimaryKeyName,
    make: () => Promise<T>,
  ): Promise<T> {
    const pooled = this.#pooled;
    const isAlone = this.#inFlight === 0 && !this.#isMakingKey && this.#commandsUntilCut === undefined;
    if (!isAlone) pooled?.leave();
    if (pooled?.isOpenFor(handle) !== true) return make();
    const key = `${handle} ${template}`;
    if (pooled.isReady(key)) {
      await this.#restart(powered, () => pooled.take(key));
      return make();
    }
    this.#isMakingKey = true;
    try {
      const made = await make();
      if (made.ok && this.#inFlight === 0) pooled.made(key);
      else pooled.leave();
      return made;
    } finally {
      this.#isMakingKey = false;
    }
  }

  /** Changes the state of the TPM while its process is stopped. Commands wait until the process runs again. */
  async #restart(powered: Powered, change: () => void): Promise<void> {
    const former = powered.process;
    if (former === undefined) return change();
    powered.process = (async () => {
      await (await former).cut();
      change();
      return this.#start();
    })();
    await powered.process;
  }

  /** Powers the TPM off. Its state stays in the state directory. */
  async powerOff(): Promise<void> {
    await (await this.#endPower())?.stop();
  }

  /** Returns the running process of a TPM that loses its power; undefined if no process runs. */
  async #endPower(): Promise<Swtpm | undefined> {
    const powered = this.#powered;
    this.#powered = undefined;
    if (powered !== undefined) powered.isOff = true;
    return powered?.process?.catch(() => undefined);
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
    await (await this.#endPower())?.cut();
  }

  /** Plans a power cut after a number of commands. The value undefined cancels a planned cut. */
  cutPowerAfter(commands: number | undefined): void {
    this.#commandsUntilCut = commands;
  }

  /** Replaces the state of this TPM with a copy of the state of another TPM: seeds, keys and passwords. */
  async becomeCopyOf(other: TpmChip): Promise<void> {
    // A TPM makes its state at its first start. The state is on disk as soon as the TPM answers a command.
    await other.use((tpm) => tpm.hasIdentity());
    this.#pooled?.leave();
    await this.powerOff();
    cpSync(other.#stateDir, this.#stateDir, { recursive: true, filter: (path) => !path.endsWith('.lock') });
  }

  async #transmit(powered: Powered, command: Buffer): Promise<Buffer> {
    this.#inFlight++;
    let response: Buffer;
    try {
      response = await (await this.#processOf(powered)).transmit(command);
    } finally {
      this.#inFlight--;
    }
    if (this.#inFlight > 0) this.#pooled?.leave();
    else this.#pooled?.afterCommand(command, this.#isMakingKey);
    if (this.#commandsUntilCut === undefined || --this.#commandsUntilCut > 0) return response;
    this.#commandsUntilCut = undefined;
    await this.cutPower();
    throw new PowerLost('the power failed during a command of the TPM');
  }
}
