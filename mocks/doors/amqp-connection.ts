import type { Duplex } from 'node:stream';
import rhea, { type Delivery, type EventContext, type Receiver, type Sender } from 'rhea';
import { afterRealTime } from '../../core/clock.ts';
import { guardAmqp, type RheaConnection } from './amqp-guard.ts';
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
    handlers.message(readMessage(context.message), receiver, delivery);
  });
  guardAmqp(connection, hangUp);
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
const saslHeader = Buffer.from('AMQP\u0003\u0001\0\0', 'latin1');

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
