import { duplexPair, type Duplex } from 'node:stream';
import { generate, parser, type IPublishPacket, type Packet, type Parser } from 'mqtt-packet';
import type { Connect, DpsRequest } from '../../../core/conformance/wire-event.ts';
import { defined } from '../../../core/defined.ts';
import type { Transport } from '../../../core/history/events.ts';
import { jsonOf } from './json-of.ts';
import { MqttFrames } from './mqtt-frames.ts';
import { readConnect } from './read-connect.ts';
import type { RecordSink } from './record-sink.ts';

/**
 * Relays one MQTT connection between client and listener, and records its packets. The script of the conformance run can change or replace
 * the packets.
 */
export class MqttRelay {
  /** The stream that the listener reads. */
  readonly service: Duplex;
  readonly #recorder: RecordSink;
  readonly #connection: number;
  readonly #transport: Transport;
  readonly #client: Duplex;
  readonly #inner: Duplex;
  readonly #open = new Map<string, DpsRequest>();
  readonly #reader: Parser;
  #connect: Connect | undefined;
  #isRaw = false;

  constructor(recorder: RecordSink, connection: number, transport: Transport, client: Duplex) {
    this.#recorder = recorder;
    this.#connection = connection;
    this.#transport = transport;
    this.#client = client;
    [this.#inner, this.service] = duplexPair();
    this.#reader = parser({ protocolVersion: 4 });
    this.#join();
  }

  /** The CONNECT of the client; undefined until the client sends it. */
  get connect(): Connect | undefined {
    return this.#connect;
  }

  /** Sends a packet to the client as if the service had sent it. */
  send(packet: Packet): void {
    if (this.#client.writableEnded || this.#client.destroyed) return;
    this.#noteFromService(packet);
    this.#client.write(generate(packet));
  }

  /** Cuts the connection. */
  cut(): void {
    this.#client.destroy();
  }

  #join(): void {
    const [fromClient, fromService] = [new MqttFrames(), new MqttFrames()];
    this.#client.on('data', (bytes: Buffer) => this.#pass(fromClient.take(bytes), bytes, 'client'));
    this.#inner.on('data', (bytes: Buffer) => this.#pass(fromService.take(bytes), bytes, 'service'));
    this.#client.once('end', () => this.#inner.end());
    this.#inner.once('end', () => this.#client.end());
    const endBoth = (): void => {
      this.#client.destroy();
      this.#inner.destroy();
      this.service.destroy();
    };
    for (const stream of [this.#client, this.#inner, this.service]) {
      stream.on('error', () => stream.destroy());
      stream.once('close', endBoth);
    }
  }

  #pass(frames: readonly Buffer[] | 'malformed', bytes: Buffer, from: 'client' | 'service'): void {
    if (this.#isRaw || frames === 'malformed') {
      if (!this.#isRaw) this.#unreadable('a remaining length of more than 4 bytes');
      (from === 'client' ? this.#inner : this.#client).write(bytes);
      return;
    }
    for (const frame of frames) {
      const packet = this.#read(frame, from);
      if (packet === undefined || this.#isRaw) (from === 'client' ? this.#inner : this.#client).write(frame);
      else if (from === 'client') this.#fromClient(packet, frame);
      else this.#fromService(packet);
    }
  }

  #read(frame: Buffer, from: 'client' | 'service'): Packet | undefined {
    let read: Packet | undefined;
    // Each frame of the service is a complete packet, so the relay can read it with a new parser.
    const reader = from === 'client' ? this.#reader : parser({ protocolVersion: 4 });
    const see = (packet: Packet): void => void (read = packet);
    const fail = (error: Error): void => this.#unreadable(error.message);
    reader.on('packet', see);
    reader.on('error', fail);
    reader.parse(frame);
    reader.removeListener('packet', see);
    reader.removeListener('error', fail);
    return read;
  }

  #unreadable(reason: string): void {
    this.#isRaw = true;
    this.#recorder.note({ kind: 'unreadable', connection: this.#connection, reason: reason.slice(0, 200) });
  }

  #fromClient(packet: Packet, frame: Buffer): void {
    if (packet.cmd === 'connect') {
      this.#connect = readConnect(packet, this.#transport, this.#recorder.keys);
      this.#recorder.note({ kind: 'connect', connection: this.#connection, ...this.#connect });
      // The relay cannot read MQTT 5, whose packets have another format. It forwards them unread, and the service refuses the protocol
      // level.
      if (this.#connect.level !== 4) this.#isRaw = true;
      const code = this.#recorder.script.connack?.(this.#connect);
      if (code !== undefined && code !== 0) {
        this.send({ cmd: 'connack', returnCode: code, sessionPresent: false });
        this.#client.end();
        return;
      }
    } else {
      this.#noteFromClient(packet);
    }
    const { script } = this.#recorder;
    const answers = this.#connect === undefined ? undefined : script.fromClient?.(packet, this.#connect);
    if (answers === undefined) this.#inner.write(frame);
    else for (const answer of answers) this.send(answer);
  }

  #noteFromClient(packet: Packet): void {
    const connection = this.#connection;
    if (packet.cmd === 'publish') {
      this.#notePublish(packet, 'client');
      this.#noteDpsRequest(packet);
    } else if (packet.cmd === 'subscribe') {
      const filters = packet.subscriptions.map(({ topic, qos }) => ({ filter: this.#recorder.text(topic), qos }));
      this.#recorder.note({ kind: 'subscribe', connection, filters });
    } else if (packet.cmd === 'puback') {
      this.#recorder.note({ kind: 'puback', connection, from: 'client', id: packet.messageId ?? 0 });
    } else if (packet.cmd === 'disconnect') {
      this.#recorder.note({ kind: 'disconnect', connection });
    }
  }

  #notePublish({ topic, qos, payload, messageId }: IPublishPacket, from: 'client' | 'service'): void {
    this.#recorder.note({
      kind: 'publish',
      connection: this.#connection,
      from,
      topic: this.#recorder.text(topic),
      qos,
      bytes: Buffer.byteLength(payload),
      text: this.#recorder.text(payload),
      ...defined({ id: qos === 0 ? undefined : messageId }),
    });
  }

  #noteDpsRequest({ topic, payload }: IPublishPacket): void {
    const connect = this.#connect;
    const found = /^\$dps\/registrations\/(PUT\/iotdps-register|GET\/iotdps-get-operationstatus)\/\?(.*)$/s.exec(topic);
    if (found === null || connect?.service !== 'dps') return;
    const words = queryOf(found[2] ?? '');
    const rid = words.get('$rid');
    const bytes = Buffer.from(payload);
    const request: DpsRequest = {
      operation: found[1]?.startsWith('PUT') === true ? 'register' : 'poll',
      transport: this.#transport,
      registrationId: connect.identity ?? '',
      apiVersion: connect.apiVersion ?? '',
      bytes: bytes.length,
      hasToken: connect.password === 'token',
      ...defined({ rid, operationId: words.get('operationId'), body: jsonOf(bytes), token: connect.token }),
    };
    if (this.#open.size < openLimit) this.#open.set(rid ?? '', request);
    this.#recorder.dpsRequest(this.#connection, request);
  }

  #fromService(packet: Packet): void {
    const connect = this.#connect;
    if (connect === undefined) return this.send(packet);
    const answer = packet.cmd === 'publish' ? this.#dpsAnswer(packet) : packet;
    if (answer === 'drop') return this.cut();
    for (const each of this.#recorder.script.toClient?.(answer, connect) ?? [answer]) this.send(each);
  }

  /** Returns the answer of DPS as the script changes it. Returns every other message unchanged. */
  #dpsAnswer(packet: IPublishPacket): IPublishPacket | 'drop' {
    const found = /^\$dps\/registrations\/res\/(\d+)\/\?(.*)$/s.exec(packet.topic);
    if (found === null) return packet;
    const words = queryOf(found[2] ?? '');
    const rid = words.get('$rid') ?? '';
    const request = this.#open.get(rid);
    if (request === undefined) return packet;
    this.#open.delete(rid);
    const retryAfter = words.get('retry-after');
    const given = this.#recorder.dpsAnswer(this.#connection, request, {
      status: Number(found[1]),
      body: jsonOf(Buffer.from(packet.payload)),
      ...defined({ retryAfterSeconds: retryAfter === undefined ? undefined : Number(retryAfter) }),
    });
    if (given === 'drop') return 'drop';
    const wait = given.retryAfterSeconds === undefined ? '' : `&retry-after=${given.retryAfterSeconds}`;
    return {
      ...packet,
      topic: `$dps/registrations/res/${given.status}/?$rid=${rid}${wait}`,
      payload: given.raw ?? JSON.stringify(given.body ?? {}),
    };
  }

  #noteFromService(packet: Packet): void {
    const connection = this.#connection;
    if (packet.cmd === 'connack') {
      const { returnCode = 0, sessionPresent } = packet;
      this.#recorder.note({ kind: 'connack', connection, code: returnCode, sessionPresent });
    } else if (packet.cmd === 'publish') {
      this.#notePublish(packet, 'service');
    } else if (packet.cmd === 'puback') {
      this.#recorder.note({ kind: 'puback', connection, from: 'service', id: packet.messageId ?? 0 });
    }
  }
}

/** Limit of the requests without an answer, so that no client can fill the memory. */
const openLimit = 100;

/** Reads `name=value&…` without decoding, because DPS does not decode it either. */
function queryOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('&').map((part) => {
      const equals = part.indexOf('=');
      return equals === -1 ? ([part, ''] as const) : ([part.slice(0, equals), part.slice(equals + 1)] as const);
    }),
  );
}
