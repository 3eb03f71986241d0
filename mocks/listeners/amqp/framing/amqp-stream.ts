import type { Duplex } from 'node:stream';
import { afterRealTime } from '../../../../core/time/clock.ts';
import { endOfValue, measured } from './amqp-value.ts';
import { FairReads } from '../../turns/fair-reads.ts';

/** The protocol error of a client. It becomes the description of the close frame. */
export type Fault = string;

/**
 * A stream that rhea uses as a socket. It passes on whole frames only, of limited size and valid content, a few in each turn of the event
 * loop. It holds back frames after a SASL exchange until the exchange has an outcome.
 */
export class AmqpStream {
  readonly #stream: Duplex;
  readonly #onFault: (fault: Fault) => void;
  readonly #reads: FairReads;
  #phase: 'header' | 'sasl' | 'amqp' = 'header';
  #ended = false;
  #isDeaf = false;
  /** The beginning of the next header or frame. */
  #parts: Buffer[] = [];
  #length = 0;
  /** The number of its bytes that are needed for the next check. */
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

  /** The socket events that rhea uses. */
  on(event: string, listener: (bytes: Buffer) => void): this {
    if (event === 'data') this.#onData = listener;
    if (event === 'end') this.#onEnd = () => (listener as () => void)();
    return this;
  }

  write(bytes: Buffer): void {
    if (this.#ended) return;
    this.#stream.write(bytes);
    // A client that sends requests and never reads is disconnected.
    if (this.#stream.writableLength > unreadLimit) this.destroy();
    const outcome = this.#phase === 'sasl' ? outcomeCode(bytes) : undefined;
    if (outcome === undefined) return;
    if (outcome > 0) {
      this.deafen();
      this.end();
    } else {
      // rhea changes to the next layer after this call has returned.
      queueMicrotask(() => {
        this.#phase = 'header';
        this.#receive(Buffer.alloc(0));
        this.#reads.release();
      });
    }
  }

  /** Ends after the pending writes: rhea writes its close frame a tick after it ends. */
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

  /** Stops reading, because the connection is about to end. */
  deafen(): void {
    this.#isDeaf = true;
    this.#parts = [];
    this.#length = 0;
    this.#reads.release();
  }

  // rhea calls these methods; they need no action here.
  removeAllListeners(): void {}
  get_id_string(): string {
    return 'a client';
  }

  /** Passes on complete frames, up to the limit of one turn. Returns the number of bytes used. */
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
    // Later bytes are read only so that the stream reaches its end.
    return this.#isDeaf || this.#ended ? bytes.length : at;
  }

  /** Passes on a complete header or frame, or finds how many more bytes it needs. */
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

  /** Returns the size of the header or frame at the start of at least eight bytes. */
  #sizeOf(bytes: Buffer): number | 'wait' | { readonly fault: Fault } {
    const isHeader = bytes.toString('latin1', 0, 4) === 'AMQP';
    if (this.#phase === 'header') {
      return isHeader && headers.has(bytes.toString('hex', 4, 8)) ? 8 : { fault: 'no AMQP 1.0 protocol header' };
    }
    if (isHeader) return this.#phase === 'sasl' ? 'wait' : { fault: 'a second protocol header' };
    const size = bytes.readUInt32BE(0);
    return size >= 8 && size <= maxFrameSize ? size : { fault: `a frame of ${size} bytes` };
  }

  #deliver(unit: Buffer): void {
    if (this.#phase === 'header') {
      this.#phase = unit[4] === 3 ? 'sasl' : 'amqp';
    } else if (!isSoundFrame(unit)) {
      this.deafen();
      this.#onFault('a frame that cannot be read');
      return;
    }
    this.#onData(unit);
  }
}

/** The largest accepted frame, as announced to clients. */
export const maxFrameSize = 64 * 1024;
const unreadLimit = 1024 * 1024;
/** The headers and frames of one connection that are passed on in one turn of the event loop. */
const unitsPerTurn = 8;
/** Real milliseconds in which the client must also close the connection. */
const lingerMs = 1000;

/** Protocol ID 0 (AMQP) or 3 (SASL), version 1.0.0. */
const headers: ReadonlySet<string> = new Set(['00010000', '03010000']);

/** Checks a frame: size, offset of the body in words, type, channel; then one described value, and for AMQP a payload (AMQP 1.0 2.3). */
function isSoundFrame(frame: Buffer): boolean {
  const bodyAt = frame.readUInt8(4) * 4;
  if (bodyAt < 8 || bodyAt > frame.length) return false;
  if (bodyAt === frame.length) return true;
  return frame[bodyAt] === 0 && endOfValue(measured(frame), bodyAt) !== undefined;
}

/** Returns the code of a SASL outcome frame in the form that rhea writes: a list32 with a ubyte, described by 0x44 (AMQP 1.0 5.3.3.6). */
function outcomeCode(frame: Buffer): number | undefined {
  if (frame[5] !== 1 || frame.toString('hex', 8, 11) !== '005344') return undefined;
  return frame[frame.indexOf(0x50, 11) + 1];
}
