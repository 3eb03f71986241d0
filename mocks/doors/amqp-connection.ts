import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import rhea, { type Delivery, type EventContext, type Receiver, type Sender } from 'rhea';
import { afterRealTime } from '../../core/clock.ts';
import { AmqpStream, maxFrameSize } from './amqp-stream.ts';
import { areMessageSections } from './amqp-value.ts';
import type { SaslMechanism } from './amqp-sasl.ts';

/** A message as it came. */
export interface AmqpMessage {
  /** Data sections, or the text of a value; empty where there is neither. */
  readonly body: Buffer;
  readonly properties: Readonly<Record<string, unknown>>;
  /** As it is to be written again, with its type; undefined where there was none. */
  readonly correlationId: unknown;
}

/** What a door does on a connection. */
export interface AmqpHandlers {
  /** By the names under which SASL offers them. */
  readonly mechanisms: Readonly<Record<string, () => SaslMechanism>>;
  /** A client wants to send (we receive) or to receive (we send). */
  attached(link: Sender | Receiver): void;
  /** Must settle the delivery, now or later. */
  message(message: AmqpMessage, link: Receiver, delivery: Delivery): void;
}

/**
 * Serves AMQP 1.0 on a stream. What a client does against the protocol ends its own connection, with a close frame
 * where one can still be sent, and touches no other.
 */
export function acceptAmqp(stream: Duplex, handlers: AmqpHandlers): void {
  const container = rhea.create_container({ id: 'rehearsal' });
  Object.assign(container.sasl_server_mechanisms, handlers.mechanisms);
  container.on('error', () => {});
  const connection = container.create_connection(options) as unknown as RheaConnection;
  const hangUp = (fault: string): void => {
    socket.deafen();
    if (connection.is_open()) connection.close({ condition: 'amqp:connection:framing-error', description: fault });
    else if (fault.startsWith('no AMQP')) socket.write(saslHeader);
    socket.end();
  };
  const socket = new AmqpStream(stream, hangUp);
  for (const event of ['protocol_error', 'error', 'connection_error']) {
    connection.on(event, (error: unknown) => hangUp(error instanceof Error ? error.message : 'unreadable'));
  }
  connection.on('disconnected', () => {});
  connection.on('receiver_open', ({ receiver }: EventContext) => receiver && handlers.attached(receiver));
  connection.on('sender_open', ({ sender }: EventContext) => sender && handlers.attached(sender));
  connection.on('message', (context: EventContext) => {
    const { receiver, delivery } = context;
    if (receiver === undefined || delivery === undefined) return;
    handlers.message(readMessage(context.message as unknown), receiver, delivery);
  });
  guard(connection, hangUp);
  connection.accept(socket);
  afterRealTime(openLimitMs, () => {
    if (!connection.is_open() && !stream.destroyed) socket.destroy();
  });
}

const options = {
  max_frame_size: maxFrameSize,
  channel_max: 15,
  idle_time_out: 240_000,
  receiver_options: { autoaccept: false, credit_window: 32 },
} as never;

/** Real milliseconds from the connection to the open frame. */
const openLimitMs = 30_000;
/** DPS takes 96 KB; what is larger still arrives, to be answered. */
const messageLimit = 256 * 1024;
const saslHeader = Buffer.from('AMQP\u0003\u0001\0\0', 'latin1');

/** What rhea keeps of a connection beside its typed interface. The version is pinned; the door's tests watch over it. */
interface RheaConnection extends EventEmitter {
  accept(socket: AmqpStream): void;
  close(error: { readonly condition: string; readonly description: string }): void;
  is_open(): boolean;
  local_channel_map: Readonly<Record<number, object>>;
  remote_channel_map: Readonly<Record<number, SessionInternals | undefined>>;
  on_open(frame: Frame): void;
  on_begin(frame: Frame): void;
  on_attach(frame: Frame): void;
  on_flow(frame: Frame): void;
  on_transfer(frame: Frame): void;
  on_disposition(frame: Frame): void;
  _process(): void;
}

interface SessionInternals {
  readonly links: object;
  readonly remote: { readonly handles: Readonly<Record<number, LinkInternals | undefined>> };
}

interface LinkInternals {
  is_receiver(): boolean;
}

interface Frame {
  readonly channel: number;
  readonly payload?: Buffer;
  readonly performative: {
    readonly value: unknown[];
    readonly handle?: number;
    readonly first?: number;
    readonly last?: number;
    readonly more?: boolean;
    max_frame_size?: number;
    idle_time_out?: number;
    message_format?: number;
    drain?: boolean;
  };
}

/** Bounds what a client can make rhea do: rhea takes every number that it is told. */
function guard(connection: RheaConnection, hangUp: (fault: string) => void): void {
  const { on_open, on_begin, on_attach, on_flow, on_transfer, on_disposition, _process } = connection;
  const unfinished = new WeakMap<LinkInternals, number>();
  const linkOf = ({ channel, performative }: Frame): LinkInternals | undefined =>
    connection.remote_channel_map[channel]?.remote.handles[performative.handle ?? -1];
  connection.on_open = (frame) => {
    const { performative } = frame;
    // AMQP 1.0 2.4.1: no peer may ask for less than 512.
    if ((performative.max_frame_size ?? 512) < 512) throw new Error('max-frame-size below 512');
    const idle = performative.idle_time_out;
    if (idle !== undefined && idle !== 0) performative.idle_time_out = Math.min(Math.max(idle, 1000), 2 ** 31 - 1);
    on_open.call(connection, frame);
  };
  connection.on_begin = (frame) => {
    if (Object.keys(connection.local_channel_map).length > 15) throw new Error('too many sessions');
    on_begin.call(connection, frame);
  };
  connection.on_attach = (frame) => {
    const links = connection.remote_channel_map[frame.channel]?.links ?? {};
    if (Object.keys(links).length > 63) throw new Error('too many links');
    if (!frame.performative.value.slice(5, 7).every(isTerminus)) throw new Error('a link without proper ends');
    on_attach.call(connection, frame);
  };
  connection.on_flow = (frame) => {
    // Only a sender is drained; rhea complains aloud about a peer that sees it otherwise.
    if (linkOf(frame)?.is_receiver() === true) frame.performative.drain = false;
    on_flow.call(connection, frame);
  };
  connection.on_transfer = (frame) => {
    const link = linkOf(frame);
    if (link === undefined || !link.is_receiver()) throw new Error('a transfer on no link');
    const size = (unfinished.get(link) ?? 0) + (frame.payload?.length ?? 0);
    if (size > messageLimit) throw new Error(`a message above ${messageLimit} bytes`);
    unfinished.set(link, frame.performative.more === true ? size : 0);
    // Of a format that it does not know rhea hands on the bytes: they are looked at before they are read.
    frame.performative.message_format = 1;
    on_transfer.call(connection, frame);
  };
  connection.on_disposition = (frame) => {
    const { first = 0, last = first, value } = frame.performative;
    if (last - first > 4096) throw new Error('a disposition over too many deliveries');
    // Whatever became of an answer, it is not sent again: only that it is settled counts.
    delete value[4];
    on_disposition.call(connection, frame);
  };
  connection._process = () => {
    try {
      _process.call(connection);
    } catch (error) {
      hangUp(error instanceof Error ? error.message : 'unreadable');
    }
  };
}

/** Null, a source or a target; of other things rhea complains aloud (AMQP 1.0 3.5.3, 3.5.4). */
function isTerminus(field: unknown): boolean {
  const descriptor = (field as { readonly descriptor?: { readonly value: unknown } } | undefined)?.descriptor;
  return descriptor === undefined || termini.has(String(descriptor.value));
}

const termini: ReadonlySet<string> = new Set(['40', '41', 'amqp:source:list', 'amqp:target:list']);

function readMessage(bytes: unknown): AmqpMessage {
  if (!Buffer.isBuffer(bytes) || !areMessageSections(bytes)) throw new Error('a message that cannot be read');
  const message = rhea.message.decode(bytes) as Record<string, unknown>;
  return {
    body: bodyOf(message['body']),
    properties: (message['application_properties'] ?? {}) as Record<string, unknown>,
    correlationId: correlationIdIn(bytes),
  };
}

/**
 * The sixth field of the properties section, with its type: read and written again by its value, octets would come back
 * as a UUID. Undefined also where the type is none that may stand there (AMQP 1.0 3.2.11 to 14).
 */
function correlationIdIn(bytes: Buffer): unknown {
  const reader = new (rhea.types as unknown as { Reader: new (bytes: Buffer) => SectionReader }).Reader(bytes);
  while (reader.remaining() > 0) {
    const section = reader.read();
    if (Number(section.descriptor.value) !== 0x73) continue;
    const field = section.value[5];
    return messageIdCodes.has(field?.type.typecode ?? 0) ? field : undefined;
  }
  return undefined;
}

interface SectionReader {
  remaining(): number;
  read(): {
    readonly descriptor: { readonly value: unknown };
    readonly value: readonly ({ readonly type: { readonly typecode: number } } | undefined)[];
  };
}

/** ulong in three widths, uuid, binary and string in two widths each. */
const messageIdCodes: ReadonlySet<number> = new Set([0x80, 0x53, 0x44, 0x98, 0xa0, 0xb0, 0xa1, 0xb1]);

function bodyOf(body: unknown): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  const content = typeof body === 'object' && body !== null && 'content' in body ? body.content : undefined;
  const parts: readonly unknown[] = Array.isArray(content) ? content : [content];
  return Buffer.concat(parts.flatMap((part) => (Buffer.isBuffer(part) ? [part] : [])));
}
