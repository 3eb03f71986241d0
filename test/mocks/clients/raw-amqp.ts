import { createRequire } from 'node:module';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocket } from 'ws';
import type { Cloud } from '../../../core/cloud/cloud.ts';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import { dialAmqp } from './amqp-client.ts';
import { pemOf } from './raw-https.ts';

/** The functions of rhea that write and read frames. The types of rhea do not declare them. */
const frames = createRequire(import.meta.url)('rhea/lib/frames.js') as Record<string, (fields: object) => object> & {
  write_frame(frame: object): Buffer;
  read_frame(bytes: Buffer): {
    readonly channel: number;
    readonly performative?: Performative;
    readonly payload?: Buffer;
  };
  amqp_frame(channel: number, performative: object, payload?: Buffer): object;
  sasl_frame(performative: object): object;
};

interface Performative {
  dispatch?(target: object, frame: object): void;
  readonly [field: string]: unknown;
}

export const amqpHeader = Buffer.from('AMQP\u0000\u0001\0\0', 'latin1');
export const saslHeader = Buffer.from('AMQP\u0003\u0001\0\0', 'latin1');

/** Encodes one frame as a client sends it. */
export function frame(name: string, fields: object, payload?: Buffer): Buffer {
  const performative = frames[name]?.(fields) ?? {};
  return frames.write_frame(
    name.startsWith('sasl') ? frames.sasl_frame(performative) : frames.amqp_frame(0, performative, payload),
  );
}

/** Encodes a frame whose body is arbitrary bytes. */
export function frameAround(body: Buffer, type = 0): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.writeUInt8(2, 4);
  head.writeUInt8(type, 5);
  return Buffer.concat([head, body]);
}

/** A frame that the server sent, with the field names of rhea. */
export interface ReadFrame {
  /** Name of the frame, such as `attach`; undefined for an empty frame and for a SASL frame that rhea does not name. */
  readonly name: string | undefined;
  readonly channel: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly payload: Buffer;
}

/** Decodes complete frames. Skips protocol headers, and a truncated frame at the end. */
function readFrames(bytes: Buffer): ReadFrame[] {
  const read: ReadFrame[] = [];
  let at = 0;
  while (at + 8 <= bytes.length) {
    if (bytes.toString('latin1', at, at + 4) === 'AMQP') {
      at += 8;
      continue;
    }
    const size = bytes.readUInt32BE(at);
    if (at + size > bytes.length) break;
    const { channel, performative, payload } = frames.read_frame(Buffer.from(bytes.subarray(at, at + size)));
    const fields: Record<string, unknown> = {};
    for (const field in performative) fields[field] = performative[field];
    read.push({ name: nameOf(performative), channel, fields, payload: payload ?? Buffer.alloc(0) });
    at += size;
  }
  return read;
}

/** Returns the name of the handler that rhea calls for a frame, because rhea gives frames no other name. */
function nameOf(performative: Performative | undefined): string | undefined {
  let name: string | undefined;
  const target = new Proxy({}, { get: (_, handler) => () => void (name = String(handler).replace(/^on_/, '')) });
  performative?.dispatch?.(target, {});
  return name;
}

/** Returns what a client must send before its first message: protocol header, open, begin, and attach of a sending link. */
export function beginning(address: string): Buffer {
  return Buffer.concat([
    amqpHeader,
    frame('open', { container_id: 'raw', hostname: 'localhost' }),
    frame('begin', { next_outgoing_id: 0, incoming_window: 100, outgoing_window: 100 }),
    frame('attach', {
      name: 'l',
      handle: 0,
      role: false,
      initial_delivery_count: 0,
      ...terminus(address),
      properties: { 'com.microsoft:api-version': '2019-03-31' },
    }),
  ]);
}

/** Returns source and target of a link to an address. */
function terminus(address: string): object {
  const { source, target } = createRequire(import.meta.url)('rhea/lib/terminus.js') as Record<
    'source' | 'target',
    (fields: object) => { described(): object }
  >;
  return { source: source({}).described(), target: target({ address }).described() };
}

/** A connection for raw AMQP bytes: TLS to the AMQP port, or a WebSocket. */
export class RawAmqp {
  readonly socket: Duplex;
  readonly #parts: Buffer[] = [];
  readonly #closed: Promise<unknown>;

  private constructor(socket: Duplex) {
    this.socket = socket;
    socket.on('data', (part: Buffer) => this.#parts.push(part));
    socket.on('error', () => {});
    this.#closed = once(socket, 'close');
  }

  static async open(cloud: Cloud): Promise<RawAmqp> {
    const socket = dialAmqp(cloud);
    await once(socket, 'secureConnect');
    return new RawAmqp(socket);
  }

  static async openWebSocket(cloud: Cloud): Promise<RawAmqp> {
    const trust = { servername: globalEndpoint, ca: pemOf(cloud.serverRoot) };
    const socket = new WebSocket(`wss://127.0.0.1:${cloud.ports.https}/$iothub/websocket`, 'AMQPWSB10', trust);
    await once(socket, 'open');
    return new RawAmqp(createWebSocketStream(socket));
  }

  /** Sends bytes and returns everything that the server sends until it closes the connection. Rejects after three seconds. */
  async stderrTail(...bytes: readonly Buffer[]): Promise<Buffer> {
    if (bytes.length > 0) this.socket.write(Buffer.concat(bytes));
    const limit = AbortSignal.timeout(3000);
    const late = new Promise<never>((_, reject) => {
      limit.addEventListener('abort', () => reject(new Error('the server did not hang up within 3 s')));
    });
    await Promise.race([this.#closed, late]).finally(() => this.socket.destroy());
    return Buffer.concat(this.#parts);
  }

  /** Returns the first frame that matches. Rejects if the server closes the connection, or after three seconds. */
  async frame(fits: (frame: ReadFrame) => boolean): Promise<ReadFrame> {
    const limit = AbortSignal.timeout(3000);
    for (;;) {
      const said = readFrames(Buffer.concat(this.#parts));
      const found = said.find(fits);
      if (found !== undefined) return found;
      if (this.socket.destroyed)
        throw new Error(`the server closed the connection after ${said.map(({ name }) => name).join(', ')}`);
      await Promise.race([once(this.socket, 'data', { signal: limit }), this.#closed]);
    }
  }

  /** Returns all frames received so far. */
  frames(): ReadFrame[] {
    return readFrames(Buffer.concat(this.#parts));
  }

  write(...bytes: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(bytes));
  }

  /** Waits until the server has sent these bytes. */
  async heard(bytes: string | Buffer): Promise<void> {
    while (!Buffer.concat(this.#parts).includes(bytes)) await once(this.socket, 'data');
  }
}
