import { Duplex } from 'node:stream';
import type { Tool } from '../processes/tool.ts';

/**
 * The connection that a helper process holds, in the place of a socket: what the helper reads is sent, what it prints was
 * received. It closes when the process ends, and ends the process when it is closed; a process whose input closes because
 * we are gone ends by itself.
 */
export class HelperStream extends Duplex {
  readonly #helper: Tool;

  constructor(helper: Tool) {
    super({ allowHalfOpen: false });
    this.#helper = helper;
    helper.stdout.on('data', (part: Buffer) => {
      if (!this.push(part)) helper.stdout.pause();
    });
    void helper.closed.then(() => this.push(null));
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
    this.#helper.kill();
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
