import { createRequire } from 'node:module';
import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import type { Cloud } from '../../core/cloud.ts';
import { dialAmqp } from './amqp-client.ts';

/** rhea's writer of frames, which it keeps to itself. */
const frames = createRequire(import.meta.url)('rhea/lib/frames.js') as Record<string, (fields: object) => object> & {
  write_frame(frame: object): Buffer;
  amqp_frame(channel: number, performative: object, payload?: Buffer): object;
  sasl_frame(performative: object): object;
};

export const amqpHeader = Buffer.from('AMQP\u0000\u0001\0\0', 'latin1');
export const saslHeader = Buffer.from('AMQP\u0003\u0001\0\0', 'latin1');

/** One frame as a client would send it. */
export function frame(name: string, fields: object, payload?: Buffer): Buffer {
  const performative = frames[name]?.(fields) ?? {};
  return frames.write_frame(
    name.startsWith('sasl') ? frames.sasl_frame(performative) : frames.amqp_frame(0, performative, payload),
  );
}

/** A frame around bytes of any kind. */
export function frameAround(body: Buffer, type = 0): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.writeUInt8(2, 4);
  head.writeUInt8(type, 5);
  return Buffer.concat([head, body]);
}

/** What a connection needs before it can send: open, begin, and a link on which 32 messages may be sent. */
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

function terminus(address: string): object {
  const { source, target } = createRequire(import.meta.url)('rhea/lib/terminus.js') as Record<
    'source' | 'target',
    (fields: object) => { described(): object }
  >;
  return { source: source({}).described(), target: target({ address }).described() };
}

/** A TLS connection to the AMQP port on which bytes are written as they are. */
export class RawAmqp {
  readonly socket: TLSSocket;
  readonly #parts: Buffer[] = [];
  readonly #closed: Promise<unknown>;

  private constructor(socket: TLSSocket) {
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

  /** What came back until the server hung up; rejects where it does not within three seconds. */
  async lastWords(...bytes: readonly Buffer[]): Promise<Buffer> {
    if (bytes.length > 0) this.socket.write(Buffer.concat(bytes));
    const limit = AbortSignal.timeout(3000);
    const late = new Promise<never>((_, reject) => {
      limit.addEventListener('abort', () => reject(new Error('the server did not hang up within 3 s')));
    });
    await Promise.race([this.#closed, late]).finally(() => this.socket.destroy());
    return Buffer.concat(this.#parts);
  }

  /** Waits until the server has said something that contains these bytes. */
  async heard(bytes: string): Promise<void> {
    while (!Buffer.concat(this.#parts).includes(bytes)) await once(this.socket, 'data');
  }
}
