import { u16, u32 } from '../../core/tpm/bytes.ts';
import { Swtpm } from './swtpm.ts';

/**
 * One TPM that outside programs share. Their commands take turns, and what a client leaves loaded is flushed when it
 * leaves: an SDK that crashed must not use up the few places of the chip. This is what a kernel's resource manager does for
 * real ones. Swapping objects in and out is not: at most three can be loaded at any time, for all clients together.
 */
export class SharedTpm {
  readonly #stateDir: string;
  #power: Swtpm | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  /** Who loaded what is loaded. */
  readonly #loaded = new Map<number, TpmClient>();

  private constructor(stateDir: string, power: Swtpm) {
    this.#stateDir = stateDir;
    this.#power = power;
  }

  /** @throws PartMissing where swtpm is not installed. */
  static async start(stateDir: string): Promise<SharedTpm> {
    return new SharedTpm(stateDir, await Swtpm.start({ stateDir }));
  }

  /** Runs one command. A TPM without power, or one that died, answers with TPM_RC_FAILURE; nothing rejects. */
  transmit(client: TpmClient, command: Buffer): Promise<Buffer> {
    // swtpm would read what is longer than it says as several commands, and answer to the wrong ones from then on.
    const fits = command.length >= headerLength && command.length <= commandLimit;
    if (!fits || command.readUInt32BE(2) !== command.length) return Promise.resolve(failure(commandSize));
    return this.#inTurn(() => this.#run(client, command));
  }

  /** Flushes what the client has left loaded. */
  leave(client: TpmClient): Promise<void> {
    return this.#inTurn(async () => {
      const left = [...this.#loaded].filter(([, owner]) => owner === client);
      for (const [handle] of left) {
        await this.#run(client, Buffer.concat([u16(0x8001), u32(14), u32(flushContext), u32(handle)]));
        this.#loaded.delete(handle);
      }
    });
  }

  /** Does nothing where it has power. */
  powerOn(): Promise<void> {
    return this.#inTurn(async () => {
      this.#power ??= await Swtpm.start({ stateDir: this.#stateDir });
    });
  }

  /** What is loaded is lost; what is stored stays in the state directory. */
  powerOff(): Promise<void> {
    return this.#inTurn(async () => {
      const power = this.#power;
      this.#power = undefined;
      this.#loaded.clear();
      await power?.stop();
    });
  }

  async #run(client: TpmClient, command: Buffer): Promise<Buffer> {
    const power = this.#power;
    if (power === undefined) return failure(generalFailure);
    try {
      const response = await power.transmit(command);
      this.#note(client, command, response);
      return response;
    } catch {
      // It has died or hung and was ended. The next power-on starts it again, with what it had stored.
      this.#power = undefined;
      this.#loaded.clear();
      return failure(generalFailure);
    }
  }

  #note(client: TpmClient, command: Buffer, response: Buffer): void {
    if (response.readUInt32BE(6) !== 0) return;
    const code = command.readUInt32BE(6);
    if (loadingCommands.has(code) && response.length >= headerLength + 4) {
      this.#loaded.set(response.readUInt32BE(headerLength), client);
    }
    if (code === flushContext && command.length >= headerLength + 4) {
      this.#loaded.delete(command.readUInt32BE(headerLength));
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}

/** Whoever sends commands; told from others by being another object. */
export type TpmClient = object;

const headerLength = 10;
/** TPM_PT_MAX_COMMAND_SIZE of libtpms. */
const commandLimit = 4096;
/** Response codes (TPM 2.0 Part 2 6.6.3): TPM_RC_COMMAND_SIZE, TPM_RC_FAILURE. */
const commandSize = 0x142;
const generalFailure = 0x101;
const flushContext = 0x165;
/** CreatePrimary, Load, HMAC_Start, ContextLoad, LoadExternal, StartAuthSession, HashSequenceStart, CreateLoaded. */
const loadingCommands = new Set([0x131, 0x157, 0x15b, 0x161, 0x167, 0x176, 0x186, 0x191]);

function failure(code: number): Buffer {
  return Buffer.concat([u16(0x8001), u32(headerLength), u32(code)]);
}
