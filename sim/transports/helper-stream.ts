import type { ChildProcessByStdio } from 'node:child_process';
import { Duplex, type Readable, type Writable } from 'node:stream';

/** A process that makes a connection for us: what it reads is sent, what it prints was received. */
export type Helper = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * The connection that a helper process holds, in the place of a socket. It closes when the process ends, and ends the
 * process when it is closed; a process whose input closes because we are gone ends by itself.
 */
export class HelperStream extends Duplex {
  readonly #helper: Helper;

  constructor(helper: Helper) {
    super({ allowHalfOpen: false });
    this.#helper = helper;
    helper.stdout.on('data', (part: Buffer) => {
      if (!this.push(part)) helper.stdout.pause();
    });
    helper.once('close', () => this.push(null));
    // A broken pipe means that the process has ended, which 'close' tells.
    helper.stdin.on('error', () => {});
  }

  override _read(): void {
    this.#helper.stdout.resume();
  }

  override _write(part: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#helper.stdin.write(part, () => done());
  }

  override _final(done: () => void): void {
    // Whoever waits for 'finish' gets it, also where the process is gone and there is nothing left to end.
    if (this.#helper.stdin.destroyed) done();
    else this.#helper.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#helper.stdin.destroy();
    this.#helper.kill('SIGKILL');
    done(error);
  }

  /** What users of sockets call; a pipe has nothing to set. */
  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
