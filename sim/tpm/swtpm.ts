import { spawn, type ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { withinRealTime } from '../../core/clock.ts';
import { PartMissing } from '../../core/part-missing.ts';

/**
 * One software TPM: a process of its own on one end of a socket pair. It lives as long as our end is open, so it cannot
 * outlive us, however we end.
 */
export class Swtpm {
  readonly #child: ChildProcess;
  readonly #socket: Duplex;
  readonly #exited: Promise<void>;
  #stderr = '';
  #busy: Promise<unknown> = Promise.resolve();
  #gone = false;

  private constructor(child: ChildProcess, socket: Duplex) {
    this.#child = child;
    this.#socket = socket;
    this.#exited = new Promise((done) => {
      child.once('exit', () => {
        this.#gone = true;
        done();
      });
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = `${this.#stderr}${text}`.slice(-2000);
    });
    socket.on('error', () => {});
  }

  /**
   * Starts a TPM on a state directory, which is created by the TPM's maker and kept while it is without power.
   *
   * @throws PartMissing where swtpm is not installed.
   */
  static async start({ stateDir }: { readonly stateDir: string }): Promise<Swtpm> {
    const state = ['--tpmstate', `dir=${stateDir},mode=0600`];
    const channel = ['--fd', '3', '--terminate', '--flags', 'not-need-init,startup-clear'];
    const child = spawn('swtpm', ['socket', '--tpm2', ...state, ...channel], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    await new Promise<void>((done, fail) => {
      child.once('spawn', done);
      child.once('error', (error) =>
        fail('code' in error && error.code === 'ENOENT' ? new PartMissing('swtpm', 'apt-get install swtpm') : error),
      );
    });
    return new Swtpm(child, child.stdio[3] as Duplex);
  }

  /** Sends one command and resolves with its response; commands queue. Rejects with a sentence where none comes. */
  transmit(command: Buffer): Promise<Buffer> {
    const answered = this.#busy.then(() =>
      withinRealTime(this.#exchange(command), answerLimitMs, `swtpm did not answer a command${this.#said()}`),
    );
    this.#busy = answered.catch(() => {});
    return answered;
  }

  /** Shuts the TPM down in order (TPM2_Shutdown(CLEAR), Part 3 9.4) and waits until its process is gone. */
  async stop(): Promise<void> {
    if (!this.#gone) await this.transmit(shutdownClear).catch(() => {});
    this.#socket.destroy();
    await withinRealTime(
      this.#exited,
      answerLimitMs,
      `swtpm did not end after its connection was closed${this.#said()}`,
    );
  }

  #exchange(command: Buffer): Promise<Buffer> {
    if (this.#gone) return Promise.reject(new Error(`swtpm has ended${this.#said()}`));
    return new Promise((done, fail) => {
      let received = Buffer.alloc(0);
      const finish = (): void => {
        this.#socket.off('data', read);
        this.#child.off('exit', ended);
      };
      const read = (part: Buffer): void => {
        received = Buffer.concat([received, part]);
        // Bytes 2 to 5 of a response are its length (TPM 2.0 Part 1 18.3).
        if (received.length < 10 || received.length < received.readUInt32BE(2)) return;
        finish();
        done(received);
      };
      const ended = (): void => {
        finish();
        fail(new Error(`swtpm ended while it was asked${this.#said()}`));
      };
      this.#socket.on('data', read);
      this.#child.once('exit', ended);
      this.#socket.write(command);
    });
  }

  #said(): string {
    return this.#stderr === '' ? '' : `; it said: ${this.#stderr.trim()}`;
  }
}

const answerLimitMs = 30_000;
const shutdownClear = Buffer.from('80010000000c000001450000', 'hex');
