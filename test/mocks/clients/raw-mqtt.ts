import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import type { Reachable } from './reachable.ts';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import { pemOf, type ClientCertificate } from './raw-https.ts';

/** A received MQTT 3.1.1 packet. Only the fields that tests need are parsed. */
export type Packet =
  | { readonly kind: 'connack'; readonly sessionPresent: boolean; readonly code: number }
  | {
      readonly kind: 'publish';
      readonly topic: string;
      readonly text: string;
      readonly qos: number;
      readonly retain: boolean;
      readonly dup: boolean;
      /** Packet ID; 0 for QoS 0. */
      readonly id: number;
    }
  | {
      readonly kind: 'suback' | 'unsuback' | 'puback' | 'pubrec';
      readonly id: number;
      readonly codes: readonly number[];
    }
  | { readonly kind: 'pingresp' }
  | { readonly kind: 'other'; readonly bytes: string }
  /** The server ended the connection. */
  | { readonly kind: 'closed' };

export interface ConnectFields {
  readonly clientId?: string;
  readonly username?: string;
  readonly password?: string;
  readonly clean?: boolean;
  readonly level?: number;
  readonly protocol?: string;
  readonly keepalive?: number;
  readonly will?: { readonly topic: string; readonly text: string; readonly retain?: boolean };
}

/** An MQTT client that writes and reads packets byte by byte over TLS, without a library. */
export class RawMqtt {
  readonly socket: TLSSocket;
  readonly #packets: Packet[] = [];
  #bytes = Buffer.alloc(0);
  #wake: () => void = () => {};

  readonly #limitMs: number;

  private constructor(socket: TLSSocket, limitMs: number) {
    this.socket = socket;
    this.#limitMs = limitMs;
    socket.on('error', () => {});
    socket.on('data', (part: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, part]);
      for (let packet = this.#take(); packet !== undefined; packet = this.#take()) this.#arrived(packet);
    });
    socket.on('close', () => this.#arrived({ kind: 'closed' }));
  }

  /**
   * Connects with TLS.
   *
   * @param limitMs time limit for each packet in milliseconds.
   * @param servername server name of the ClientHello (SNI).
   */
  static async open(
    cloud: Reachable,
    client?: ClientCertificate,
    limitMs = 2000,
    servername: string = globalEndpoint,
  ): Promise<RawMqtt> {
    const socket = tlsConnect({
      host: '127.0.0.1',
      port: cloud.ports.mqtt,
      servername,
      ca: pemOf(cloud.serverRoot),
      ...client,
    });
    await once(socket, 'secureConnect');
    return new RawMqtt(socket, limitMs);
  }

  send(...packets: Buffer[]): void {
    this.socket.write(Buffer.concat(packets));
  }

  /** Returns the next packet, or `closed` if the connection has ended. Rejects at the time limit, by default after two seconds. */
  async next(): Promise<Packet> {
    const limit = AbortSignal.timeout(this.#limitMs);
    while (this.#packets.length === 0) {
      await new Promise<void>((resolve, reject) => {
        this.#wake = resolve;
        limit.addEventListener('abort', () => reject(new Error(`no packet within ${this.#limitMs / 1000} s`)), {
          once: true,
        });
      });
    }
    const [first] = this.#packets;
    if (first === undefined) throw new Error('the client was woken without a packet');
    if (first.kind !== 'closed') this.#packets.shift();
    return first;
  }

  /** Sends CONNECT and returns the code of the CONNACK, or `closed`. */
  async connect(fields: ConnectFields): Promise<number | 'closed'> {
    this.send(connectPacket(fields));
    const packet = await this.next();
    return packet.kind === 'connack' ? packet.code : 'closed';
  }

  /**
   * Sends two pings, one after the other, and returns the packets that arrived before the second answer. This includes every packet that
   * the server sent before it read the second ping.
   */
  async flush(): Promise<Packet[]> {
    const before: Packet[] = [];
    for (let pongs = 0; pongs < 2; pongs++) {
      this.send(Buffer.from([0xc0, 0]));
      for (let packet = await this.next(); packet.kind !== 'pingresp'; packet = await this.next()) {
        before.push(packet);
        if (packet.kind === 'closed') return before;
      }
    }
    return before;
  }

  close(): void {
    this.socket.destroy();
  }

  #arrived(packet: Packet): void {
    this.#packets.push(packet);
    this.#wake();
  }

  #take(): Packet | undefined {
    let length = 0;
    let at = 1;
    for (let shift = 0; ; shift += 7) {
      const octet = this.#bytes[at++];
      if (octet === undefined) return undefined;
      length += (octet & 0x7f) << shift;
      if (octet < 0x80) break;
    }
    if (this.#bytes.length < at + length) return undefined;
    const packet = read(this.#bytes[0] ?? 0, this.#bytes.subarray(at, at + length));
    this.#bytes = this.#bytes.subarray(at + length);
    return packet;
  }
}

function read(head: number, rest: Buffer): Packet {
  const id = rest.length >= 2 ? rest.readUInt16BE(0) : 0;
  switch (head >> 4) {
    case 2:
      return { kind: 'connack', sessionPresent: (rest[0] ?? 0) === 1, code: rest[1] ?? -1 };
    case 3: {
      const qos = (head >> 1) & 3;
      const topicEnd = 2 + id;
      const text = rest.subarray(topicEnd + (qos > 0 ? 2 : 0)).toString('utf8');
      return {
        kind: 'publish',
        topic: rest.subarray(2, topicEnd).toString('utf8'),
        text,
        qos,
        retain: (head & 1) === 1,
        dup: (head & 8) === 8,
        id: qos > 0 ? rest.readUInt16BE(topicEnd) : 0,
      };
    }
    case 4:
      return { kind: 'puback', id, codes: [] };
    case 5:
      return { kind: 'pubrec', id, codes: [] };
    case 9:
      return { kind: 'suback', id, codes: [...rest.subarray(2)] };
    case 11:
      return { kind: 'unsuback', id, codes: [] };
    case 13:
      return { kind: 'pingresp' };
    default:
      return { kind: 'other', bytes: Buffer.concat([Buffer.from([head]), rest]).toString('hex') };
  }
}

export function connectPacket(fields: ConnectFields): Buffer {
  const {
    clientId = '',
    username,
    password,
    clean = true,
    level = 4,
    protocol = 'MQTT',
    keepalive = 180,
    will,
  } = fields;
  const flags =
    (clean ? 2 : 0) |
    (will === undefined ? 0 : 4 | (will.retain === true ? 0x20 : 0)) |
    (password === undefined ? 0 : 0x40) |
    (username === undefined ? 0 : 0x80);
  return packet(0x10, [
    text(protocol),
    Buffer.from([level, flags, keepalive >> 8, keepalive & 255]),
    text(clientId),
    ...(will === undefined ? [] : [text(will.topic), text(will.text)]),
    ...(username === undefined ? [] : [text(username)]),
    ...(password === undefined ? [] : [text(password)]),
  ]);
}

export function subscribePacket(id: number, ...filters: readonly (readonly [string, number])[]): Buffer {
  return packet(0x82, [u16(id), ...filters.flatMap(([filter, qos]) => [text(filter), Buffer.from([qos])])]);
}

export function pubackPacket(id: number): Buffer {
  return packet(0x40, [u16(id)]);
}

export const disconnectPacket = Buffer.from([0xe0, 0]);

export function unsubscribePacket(id: number, filter: string): Buffer {
  return packet(0xa2, [u16(id), text(filter)]);
}

export function publishPacket(topic: string, payload: string | Buffer, qos = 0, id = 1, retain = false): Buffer {
  return packet(0x30 | (qos << 1) | (retain ? 1 : 0), [
    text(topic),
    ...(qos > 0 ? [u16(id)] : []),
    Buffer.from(payload),
  ]);
}

export function packet(head: number, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const size: number[] = [];
  let left = body.length;
  do {
    size.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>= 7;
  } while (left > 0);
  return Buffer.concat([Buffer.from([head, ...size]), body]);
}

export function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u16(bytes.length), bytes]);
}

function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255]);
}
