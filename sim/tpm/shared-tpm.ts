import { u16, u32 } from '../../core/tpm/bytes.ts';
import { Swtpm } from './swtpm.ts';

/**
 * One TPM that several programs share. Their commands run one after the other. An object that a program loads stays loaded until it is
 * flushed or the power fails, even if the program disconnects. The reference simulator and a chip without a resource manager do the same,
 * and command-line tools depend on this.
 */
export class SharedTpm {
  readonly #stateDir: string;
  #power: Swtpm | undefined;
  /** True if the TPM process died while the TPM had power. The next command restarts the process. */
  #isLost = false;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #warn: (sentence: string) => void;

  private constructor(stateDir: string, warn: (sentence: string) => void) {
    this.#stateDir = stateDir;
    this.#warn = warn;
  }

  /**
   * Powers a TPM on and sends TPM2_Startup.
   * @param warn receives a sentence if the TPM process ends unexpectedly.
   * @throws PartMissing if swtpm is not installed.
   */
  static async start(stateDir: string, warn: (sentence: string) => void = () => {}): Promise<SharedTpm> {
    const tpm = new SharedTpm(stateDir, warn);
    tpm.#power = await tpm.#start(true);
    return tpm;
  }

  /**
   * Runs one command. Without power, the response is empty. If the TPM process dies, the response is TPM_RC_FAILURE, and the next command
   * restarts the TPM from its state directory. Never rejects.
   */
  transmit(command: Buffer): Promise<Buffer> {
    return this.#inTurn(() => this.#run(command));
  }

  /**
   * Runs one command as `transmit` does. If the TPM has no power, first powers it on and sends TPM2_Startup, as the firmware of a computer
   * does.
   */
  transmitStarted(command: Buffer): Promise<Buffer> {
    return this.#inTurn(async () => {
      this.#power ??= await this.#start(true);
      return this.#run(command);
    });
  }

  /** Powers the TPM on. The first command must then be TPM2_Startup (Part 3 9.3). Does nothing if the TPM has power. */
  powerOn(): Promise<void> {
    return this.#inTurn(async () => {
      this.#power ??= await this.#start(false);
    });
  }

  /** Powers the TPM off without TPM2_Shutdown. Loaded objects are lost; stored objects stay. */
  powerOff(): Promise<void> {
    return this.#inTurn(() => this.#cut());
  }

  /** Powers the TPM off and on. Does nothing if the TPM has no power. */
  reset(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#power === undefined && !this.#isLost) return;
      await this.#cut();
      this.#power = await this.#start(false);
    });
  }

  /** Powers the TPM off with TPM2_Shutdown. A caller can power it on again. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      const power = this.#power;
      this.#power = undefined;
      this.#isLost = false;
      await power?.stop();
    });
  }

  async #start(startsUp: boolean): Promise<Swtpm> {
    const power = await Swtpm.start({ stateDir: this.#stateDir, startsUp });
    this.#isLost = false;
    void power.died.then((sentence) => {
      this.#warn(`${sentence}. The next command starts it again from ${this.#stateDir}; loaded objects are lost`);
      this.#lose(power);
    });
    return power;
  }

  #lose(power: Swtpm): void {
    if (this.#power !== power) return;
    this.#power = undefined;
    this.#isLost = true;
  }

  async #cut(): Promise<void> {
    const power = this.#power;
    this.#power = undefined;
    this.#isLost = false;
    await power?.cut();
  }

  async #run(command: Buffer): Promise<Buffer> {
    const power = this.#power ?? (this.#isLost ? await this.#restart() : undefined);
    if (power === undefined) return this.#isLost ? failure(generalFailure) : Buffer.alloc(0);
    // swtpm would read a command with surplus octets as several commands. Every later response would then belong to the wrong command.
    const fits = command.length >= headerLength && command.length <= commandLimit;
    if (!fits || command.readUInt32BE(2) !== command.length) return failure(commandSize);
    try {
      return await power.transmit(command);
    } catch {
      // The TPM process died, or Rehearsal killed it because it hung. The next command restarts it with its stored state.
      this.#lose(power);
      return failure(generalFailure);
    }
  }

  /** Restarts the TPM. Returns undefined, after a warning, if that fails. */
  async #restart(): Promise<Swtpm | undefined> {
    try {
      this.#power = await this.#start(true);
    } catch (error) {
      this.#warn(`swtpm cannot be started again: ${error instanceof Error ? error.message : String(error)}`);
    }
    return this.#power;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}

const headerLength = 10;
/** TPM_PT_MAX_COMMAND_SIZE of libtpms. */
const commandLimit = 4096;
/** Response codes (TPM 2.0 Part 2 6.6.3): TPM_RC_COMMAND_SIZE, TPM_RC_FAILURE. */
const commandSize = 0x142;
const generalFailure = 0x101;

function failure(code: number): Buffer {
  return Buffer.concat([u16(0x8001), u32(headerLength), u32(code)]);
}
