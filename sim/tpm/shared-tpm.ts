import { u16, u32 } from '../../core/tpm/bytes.ts';
import { Swtpm } from './swtpm.ts';

/**
 * One TPM that outside programs share. Their commands take turns. What a program loads stays loaded until it is flushed or
 * the power goes, whatever becomes of the program's connection: the reference simulator and a chip without a resource
 * manager do the same, and command line tools depend on it.
 */
export class SharedTpm {
  readonly #stateDir: string;
  #power: Swtpm | undefined;
  /** Whether it lost its process while it had power: the next command starts it again, as if there had been no power cut. */
  #isLost = false;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #warn: (sentence: string) => void;

  private constructor(stateDir: string, warn: (sentence: string) => void) {
    this.#stateDir = stateDir;
    this.#warn = warn;
  }

  /**
   * Starts it with power and after TPM2_Startup.
   *
   * @param warn told in a sentence if the process of the TPM ends without being told to.
   * @throws PartMissing if swtpm is not installed.
   */
  static async start(stateDir: string, warn: (sentence: string) => void = () => {}): Promise<SharedTpm> {
    const tpm = new SharedTpm(stateDir, warn);
    tpm.#power = await tpm.#start(true);
    return tpm;
  }

  /**
   * Runs one command. Without power the answer is empty; a TPM that dies answers with TPM_RC_FAILURE, and the next command
   * starts it again from its state directory. Never rejects.
   */
  transmit(command: Buffer): Promise<Buffer> {
    return this.#inTurn(() => this.#run(command));
  }

  /** As `transmit`, but a TPM without power gets it first, and TPM2_Startup with it, as the firmware of a computer does. */
  transmitStarted(command: Buffer): Promise<Buffer> {
    return this.#inTurn(async () => {
      this.#power ??= await this.#start(true);
      return this.#run(command);
    });
  }

  /** Does nothing where it has power. Otherwise the first command has to be TPM2_Startup (Part 3 9.3). */
  powerOn(): Promise<void> {
    return this.#inTurn(async () => {
      this.#power ??= await this.#start(false);
    });
  }

  /** Without TPM2_Shutdown, unless a program has sent it: what is loaded is lost, what is stored stays. */
  powerOff(): Promise<void> {
    return this.#inTurn(() => this.#cut());
  }

  /** As power off and on for a TPM with power; nothing for one without. */
  reset(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#power === undefined && !this.#isLost) return;
      await this.#cut();
      this.#power = await this.#start(false);
    });
  }

  /** Ends it in order, with TPM2_Shutdown. It can get power again. */
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
      this.#warn(`${sentence}. The next command starts it again from ${this.#stateDir}; what was loaded is lost`);
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
    // swtpm would read what is longer than it says as several commands, and answer to the wrong ones from then on.
    const fits = command.length >= headerLength && command.length <= commandLimit;
    if (!fits || command.readUInt32BE(2) !== command.length) return failure(commandSize);
    try {
      return await power.transmit(command);
    } catch {
      // It has died, or hung and was ended. The next command starts it again, with what it had stored.
      this.#lose(power);
      return failure(generalFailure);
    }
  }

  /** Undefined if it cannot be started; that is told. */
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
