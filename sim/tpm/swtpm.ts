import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { withinRealTime } from '../../core/time/clock.ts';
import { brokenPartSentence, type RecordBroken } from '../processes/broken-parts.ts';
import { startTool } from '../processes/start-tool.ts';
import type { Tool } from '../processes/tool.ts';

/**
 * One software TPM: an swtpm process that receives commands over a socket pair. The swtpm process ends when Rehearsal closes the other end
 * of the pair, so it cannot outlive Rehearsal. It does not keep Rehearsal alive.
 */
export class Swtpm {
  readonly #process: Tool;
  readonly #ended: Promise<void>;
  /** Resolves with a sentence if the swtpm process ends unexpectedly. */
  readonly died: Promise<string>;
  readonly #answerLimitMs: number;
  #stderr = '';
  #busy: Promise<unknown> = Promise.resolve();
  #gone = false;
  #isStopped = false;
  /** Rejects the command in progress if the swtpm process ends. */
  #onEnd: (() => void) | undefined;

  private constructor(process: Tool, answerLimitMs: number) {
    this.#process = process;
    this.#answerLimitMs = answerLimitMs;
    this.#ended = process.closed.then(() => {
      this.#gone = true;
      this.#onEnd?.();
    });
    this.died = new Promise((resolve) => {
      void process.closed.then((end) => {
        if (process.wasKilled || this.#isStopped) return;
        const lastLine = process.stderrTail.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
        resolve(brokenPartSentence({ program: 'swtpm', end, lastLine }));
      });
    });
    process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = `${this.#stderr}${text}`.slice(-2000);
    });
  }

  /**
   * Starts a TPM on a state directory. The directory keeps the state while the TPM has no power.
   * @param startsUp true if TPM2_Startup(CLEAR) is sent at once. Default: true. Before TPM2_Startup, a TPM answers every other command with
   * TPM_RC_INITIALIZE (Part 3 9.3).
   * @param answerLimitMs time limit for one command, in real milliseconds.
   * @param onBroken receives the swtpm process if it crashes.
   * @throws PartMissing if swtpm is not installed.
   */
  static async start(options: {
    readonly stateDir: string;
    readonly startsUp?: boolean;
    readonly answerLimitMs?: number;
    readonly onBroken?: RecordBroken | undefined;
  }): Promise<Swtpm> {
    const { stateDir, startsUp = true, answerLimitMs = 30_000, onBroken } = options;
    // Creates the lock file as private. If swtpm creates it, the group can read it.
    closeSync(openSync(join(stateDir, '.lock'), 'a', 0o600));
    const state = ['--tpmstate', `dir=${stateDir},mode=0600`];
    const channel = ['--fd', '3', '--terminate', '--flags', startsUp ? 'not-need-init,startup-clear' : 'not-need-init'];
    const process = await startTool({
      program: 'swtpm',
      words: ['socket', '--tpm2', ...state, ...channel],
      streams: ['stderr', 'channel'],
      missing: { part: 'swtpm', remedy: 'apt-get install swtpm' },
      onBroken,
    });
    return new Swtpm(process, answerLimitMs);
  }

  /**
   * Sends one command and resolves with its response. Simultaneous commands wait in a queue. Rejects with a sentence if no response
   * arrives.
   */
  transmit(command: Buffer): Promise<Buffer> {
    const answered = this.#busy.then(() => this.#bounded(this.#exchange(command), 'swtpm did not answer a command'));
    this.#busy = answered.catch(() => {});
    return answered;
  }

  /** Shuts the TPM down (TPM2_Shutdown(CLEAR), Part 3 9.4) and waits until its process has ended. */
  async stop(): Promise<void> {
    // An error is harmless: swtpm writes its state to disk after every command, so no stored data is lost without TPM2_Shutdown.
    if (!this.#gone) await this.transmit(shutdownClear).catch(() => {});
    this.#isStopped = true;
    this.#process.channel.destroy();
    await this.#bounded(this.#ended, 'swtpm did not end after its connection was closed');
  }

  /** Cuts the power without TPM2_Shutdown. Data that is not stored is lost (TPM 2.0 Part 1 12.2.3). */
  async cut(): Promise<void> {
    this.#process.kill();
    // If `swtpm` on the PATH is a script, the process that it started outlives the killed script until its channel closes.
    this.#process.channel.destroy();
    await this.#bounded(this.#ended, 'swtpm did not end when it was killed');
  }

  /** Kills the swtpm process at a timeout. Otherwise its late answer would look like the answer to the next command. */
  async #bounded<T>(work: Promise<T>, sentence: string): Promise<T> {
    let settled = false;
    const watched = work.finally(() => {
      settled = true;
    });
    try {
      return await withinRealTime(watched, this.#answerLimitMs, sentence);
    } catch (error) {
      if (settled) throw error;
      this.#process.kill();
      this.#process.channel.destroy();
      await this.#ended;
      throw new Error(`${error instanceof Error ? error.message : sentence}${this.#stderrText()}`, { cause: error });
    }
  }

  #exchange(command: Buffer): Promise<Buffer> {
    if (this.#gone) return Promise.reject(new Error(`swtpm has ended${this.#stderrText()}`));
    return new Promise((done, fail) => {
      let received = Buffer.alloc(0);
      const finish = (): void => {
        this.#process.channel.off('data', read);
        this.#onEnd = undefined;
      };
      const read = (part: Buffer): void => {
        received = Buffer.concat([received, part]);
        // A response has a header of 10 octets. Octets 2 to 5 are the length of the response (TPM 2.0 Part 1 18.3).
        if (received.length < 10 || received.length < received.readUInt32BE(2)) return;
        finish();
        done(received);
      };
      const ended = (): void => {
        finish();
        fail(new Error(`swtpm ended during a command${this.#stderrText()}`));
      };
      this.#process.channel.on('data', read);
      this.#onEnd = ended;
      this.#process.channel.write(command);
    });
  }

  #stderrText(): string {
    return this.#stderr === '' ? '' : `; stderr: ${this.#stderr.trim()}`;
  }
}

const shutdownClear = Buffer.from('80010000000c000001450000', 'hex');
