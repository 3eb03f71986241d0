import type { Duplex } from 'node:stream';
import { afterRealTime } from '../../../../core/time/clock.ts';
import { endOfValue, measured } from './amqp-value.ts';
import { FairReads } from '../../turns/fair-reads.ts';

/** A protocol error of a client. */
export interface Fault {
  /** `no-header`: the client did not begin with a protocol header that this listener accepts (AMQP 1.0 2.2). */
  readonly kind: 'no-header' | 'broken-frame';
  /** Description for the close frame. */
  readonly sentence: string;
}

/**
 * A stream that rhea uses as its socket. Only whole frames of limited size and valid content reach rhea, and only a few in each
 * turn of the event loop. Frames after a SASL exchange wait until the exchange has an outcome.
 */
export class AmqpStream {
  readonly #stream: Duplex;
  readonly #onFault: (fault: Fault) => void;
  readonly #reads: FairReads;
  #phase: 'header' | 'sasl' | 'amqp' = 'header';
  #ended = false;
  #isDeaf = false;
  /** The bytes of the next header or frame that have arrived so far. */
  #parts: Buffer[] = [];
  #length = 0;
  /** Number of bytes of this header or frame that the next check needs. */
  #needed = 8;
  #onData: (bytes: Buffer) => void = () => {};
  #onEnd: () => void = () => {};

  constructor(stream: Duplex, onFault: (fault: Fault) => void) {
    this.#stream = stream;
    this.#onFault = onFault;
    this.#reads = new FairReads(stream, (bytes) => this.#receive(bytes));
    stream.on('error', () => stream.destroy());
    stream.on('end', () => this.end());
    stream.on('close', () => {
      this.#ended = true;
      this.#onEnd();
    });
  }

  /** Registers a listener for one of the socket events that rhea uses. */
  on(event: string, listener: (bytes: Buffer) => void): this {
    if (event === 'data') this.#onData = listener;
    if (event === 'end') this.#onEnd = () => (listener as () => void)();
    return this;
  }

  write(bytes: Buffer): void {
    if (this.#ended) return;
    this.#stream.write(bytes);
    // Disconnects a client that sends requests but does not read the answers.
    if (this.#stream.writableLength > unreadLimit) this.destroy();
    const outcome = this.#phase === 'sasl' ? outcomeCode(bytes) : undefined;
    if (outcome === undefined) return;
    if (outcome > 0) {
      this.deafen();
      this.end();
    } else {
      // rhea switches from SASL to AMQP only after this method has returned.
      queueMicrotask(() => {
        this.#phase = 'header';
        this.#receive(Buffer.alloc(0));
        this.#reads.release();
      });
    }
  }

  /** Ends the stream after the pending writes, because rhea writes its close frame one tick after it calls `end`. */
  end(): void {
    setImmediate(() => {
      if (!this.#ended) this.#stream.end();
      this.#ended = true;
      afterRealTime(lingerMs, () => this.#stream.destroy());
    });
  }

  destroy(): void {
    this.#ended = true;
    this.#stream.destroy();
  }

  /** Ignores all further data of the client, because the connection is about to end. */
  deafen(): void {
    this.#isDeaf = true;
    this.#parts = [];
    this.#length = 0;
    this.#reads.release();
  }

  // rhea calls the following methods of its socket. These methods need no action here.
  removeAllListeners(): void {}
  get_id_string(): string {
    return 'a client';
  }

  /** Passes complete frames to rhea, up to the limit of one turn. Returns the number of bytes used. */
  #receive(bytes: Buffer): number {
    let at = 0;
    for (let units = 0; units < unitsPerTurn && !this.#isDeaf && !this.#ended;) {
      const part = bytes.subarray(at, at + this.#needed - this.#length);
      if (part.length > 0) this.#parts.push(part);
      this.#length += part.length;
      at += part.length;
      if (this.#length < this.#needed) break;
      const outcome = this.#look();
      if (outcome === 'wait') {
        this.#reads.hold();
        break;
      }
      if (outcome === 'delivered') units++;
    }
    // After the end, reads and ignores further bytes, so that the stream reaches its end.
    return this.#isDeaf || this.#ended ? bytes.length : at;
  }

  /** Passes the collected header or frame to rhea if it is complete; otherwise determines how many more bytes it needs. */
  #look(): 'delivered' | 'more' | 'wait' | 'fault' {
    const unit = Buffer.concat(this.#parts);
    const size = this.#sizeOf(unit);
    if (size === 'wait') return 'wait';
    if (typeof size !== 'number') {
      this.deafen();
      this.#onFault(size.fault);
      return 'fault';
    }
    this.#needed = size;
    if (unit.length < size) return 'more';
    this.#parts = [];
    this.#length = 0;
    this.#needed = 8;
    this.#deliver(unit);
    return 'delivered';
  }

  /** Returns the size of the header or frame with which `bytes` begins. @param bytes at least eight bytes. */
  #sizeOf(bytes: Buffer): number | 'wait' | { readonly fault: Fault } {
    const isHeader = bytes.toString('latin1', 0, 4) === 'AMQP';
    if (this.#phase === 'header') {
      return isHeader && headers.has(bytes.toString('hex', 4, 8))
        ? 8
        : { fault: { kind: 'no-header', sentence: 'the client did not begin with an AMQP 1.0 protocol header' } };
    }
    if (isHeader)
      return this.#phase === 'sasl' ? 'wait' : { fault: brokenFrame('the client sent a second protocol header') };
    const size = bytes.readUInt32BE(0);
    return size >= 8 && size <= maxFrameSize
      ? size
      : { fault: brokenFrame(`a frame has ${size} bytes; expected 8 to ${maxFrameSize}`) };
  }

  #deliver(unit: Buffer): void {
    if (this.#phase === 'header') {
      this.#phase = unit[4] === 3 ? 'sasl' : 'amqp';
    } else if (!isSoundFrame(unit)) {
      this.deafen();
      this.#onFault(brokenFrame('a frame is not valid AMQP'));
      return;
    }
    this.#onData(unit);
  }
}

/** Returns the error of a client that sent bytes which are not a valid frame. */
export function brokenFrame(sentence: string): Fault {
  return { kind: 'broken-frame', sentence };
}

/** Maximum size of a frame in bytes. The listener announces this limit in its open frame. */
export const maxFrameSize = 64 * 1024;
const unreadLimit = 1024 * 1024;
/** Maximum number of headers and frames of one connection that reach rhea in one turn of the event loop. */
const unitsPerTurn = 8;
/** Real milliseconds that the client has to close the connection after the server has closed it. */
const lingerMs = 1000;

/** The accepted protocol headers after `AMQP`: protocol ID 0 (AMQP) or 3 (SASL), version 1.0.0. */
const headers: ReadonlySet<string> = new Set(['00010000', '03010000']);

/**
 * Returns true if a frame is valid (AMQP 1.0 2.3): size, offset of the body in words, type and channel, then one described
 * value. In AMQP frames a payload may follow.
 */
function isSoundFrame(frame: Buffer): boolean {
  const bodyAt = frame.readUInt8(4) * 4;
  if (bodyAt < 8 || bodyAt > frame.length) return false;
  if (bodyAt === frame.length) return true;
  return frame[bodyAt] === 0 && endOfValue(measured(frame), bodyAt) !== undefined;
}

/**
 * Returns the code of a SASL outcome frame (AMQP 1.0 5.3.3.6). rhea writes this frame as a list32 with a ubyte,
 * described by 0x44.
 */
function outcomeCode(frame: Buffer): number | undefined {
  if (frame[5] !== 1 || frame.toString('hex', 8, 11) !== '005344') return undefined;
  return frame[frame.indexOf(0x50, 11) + 1];
}
