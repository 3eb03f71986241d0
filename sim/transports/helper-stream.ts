import { Duplex } from 'node:stream';
import type { Tool } from '../processes/tool.ts';

/**
 * The connection of a helper process, as a stream with the methods of a socket. The helper process sends what it reads from its standard
 * input, and prints what it receives. The stream closes when the helper process ends, and closing the stream ends that process. The helper
 * process also ends when this process ends, because its input then closes.
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
    // The stream must emit 'finish' even if the helper process has already ended.
    if (this.#helper.stdin.destroyed) done();
    else this.#helper.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#helper.stdin.destroy();
    this.#helper.kill();
    done(error);
  }

  /** Socket methods that libraries call. A pipe has no such settings, so these methods do nothing. */
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
