import type { Duplex } from 'node:stream';

/**
 * Reads a stream in portions, at most one in each turn of the event loop. A client that sends a flood gets one portion handled and then
 * waits for every other connection. Unhandled data stays in the stream. When the buffer of the stream is full, the socket stops reading, so
 * the sender of the flood has to wait. The `end` of a stream comes after its last portion.
 */
export class FairReads {
  readonly #stream: Duplex;
  readonly #take: (bytes: Buffer) => number;
  /** Data that was read but not handled. */
  #rest: Buffer | null = null;
  #isDue = false;
  #isHeld = false;

  /**
   * @param take handles the portion at the start of the bytes and returns the number of bytes that it used. The next
   *   call gets the bytes after them. The function may call `hold`.
   */
  constructor(stream: Duplex, take: (bytes: Buffer) => number) {
    this.#stream = stream;
    this.#take = take;
    stream.on('readable', () => this.#serve());
  }

  /** Pauses until `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#serve();
  }

  #serve(): void {
    if (this.#isDue || this.#isHeld || this.#stream.destroyed) return;
    const bytes = this.#next();
    if (bytes === null) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#serve();
    });
    const rest = bytes.subarray(this.#take(bytes));
    if (rest.length === 0 || this.#stream.destroyed) return;
    // An empty stream could end before the listener handles the rest, so the code puts the rest back into the stream.
    // If the stream contains more data, the code stores the rest in `#rest`, which is faster.
    if (this.#stream.readableLength > 0) this.#rest = rest;
    else this.#stream.unshift(rest);
  }

  #next(): Buffer | null {
    const rest = this.#rest;
    this.#rest = null;
    if (rest !== null) return rest;
    // Limits the size of the read. A read that empties the buffer would let the socket refill it before the code puts
    // the rest back.
    const size = Math.min(this.#stream.readableLength, portionBytes);
    return this.#stream.read(size === 0 ? undefined : size) as Buffer | null;
  }
}

/** The maximum number of bytes of one connection that the listener handles in one turn of the event loop. */
const portionBytes = 16 * 1024;
