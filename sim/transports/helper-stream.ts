import { Duplex } from 'node:stream';
import type { Tool } from '../processes/tool.ts';

/**
 * The connection of a helper process, with the methods of a socket. The process sends what is written to its input, and prints what it
 * receives. The stream closes when the process ends, and closing it ends the process. The process also ends if its input closes because
 * our process has ended.
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
    // The stream must emit 'finish' even if the process has ended already.
    if (this.#helper.stdin.destroyed) done();
    else this.#helper.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#helper.stdin.destroy();
    this.#helper.kill();
    done(error);
  }

  /** Methods of sockets that users call. A pipe has no such settings. */
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
