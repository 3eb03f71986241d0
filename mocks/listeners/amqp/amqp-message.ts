import rhea from 'rhea';
import { readBody } from './framing/read-body.ts';
import { areMessageSections } from './framing/amqp-value.ts';

/** A message from a client. */
export interface AmqpMessage {
  /** The data sections, or the bytes of a value; empty without a body. */
  readonly body: Buffer;
  /** The kind of body that has no bytes, such as "an amqp-sequence". If set, the body is not read. */
  readonly unreadable: string | undefined;
  /** Application properties. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly annotations: Readonly<Record<string, unknown>>;
  /** The properties section (AMQP 1.0 3.2.4), by the names of rhea. The IDs are separate members, with their types. */
  readonly system: Readonly<Record<string, unknown>>;
  /** The ID with its type, so that an answer can repeat it unchanged. Undefined without a message ID. */
  readonly messageId: MessageId | undefined;
  readonly correlationId: MessageId | undefined;
  /** The messages of a batch. */
  readonly batch?: readonly AmqpMessage[];
}

/** An ID with its type, as rhea reads it without unwrapping. */
export interface MessageId {
  readonly type: { readonly typecode: number };
  readonly value: unknown;
}

/**
 * Reads the sections of a message.
 *
 * @param isBatch true if each data section is a separate message, as in the batches of IoT SDKs.
 * @throws if the bytes are not message sections.
 */
export function readMessage(bytes: unknown, isBatch = false): AmqpMessage {
  if (!Buffer.isBuffer(bytes) || !areMessageSections(bytes))
    throw new Error('the transferred bytes are not valid AMQP message sections');
  const message = rhea.message.decode(bytes) as Record<string, unknown>;
  const ids = idsIn(bytes);
  const { parts, unreadable } = readBody(bytes);
  return {
    body: Buffer.concat(parts),
    unreadable,
    properties: mapIn(message['application_properties']),
    annotations: mapIn(message['message_annotations']),
    system: message,
    ...ids,
    ...(isBatch && unreadable === undefined ? { batch: parts.map((part) => readMessage(part)) } : {}),
  };
}

/** Returns an ID as text: a UUID in its usual form, bytes in base64. */
export function idText(id: MessageId | undefined): string | undefined {
  if (id === undefined) return undefined;
  const { value, type } = id;
  if (!Buffer.isBuffer(value)) return String(value);
  return type.typecode === uuidCode && value.length === 16 ? rhea.uuid_to_string(value) : value.toString('base64');
}

/**
 * Reads message ID and correlation ID, the first and the sixth field of the properties section, with their types. Without the type, bytes
 * would be written back as a UUID. Undefined if the type is not allowed for an ID (AMQP 1.0 3.2.11 to 3.2.14).
 */
function idsIn(bytes: Buffer): Pick<AmqpMessage, 'messageId' | 'correlationId'> {
  const reader = new (rhea.types as unknown as { Reader: new (bytes: Buffer) => SectionReader }).Reader(bytes);
  while (reader.remaining() > 0) {
    const section = reader.read();
    if (Number(section.descriptor.value) !== 0x73) continue;
    const idAt = (index: number): MessageId | undefined => {
      const field = section.value[index];
      return messageIdCodes.has(field?.type.typecode ?? 0) ? field : undefined;
    };
    return { messageId: idAt(0), correlationId: idAt(5) };
  }
  return { messageId: undefined, correlationId: undefined };
}

interface SectionReader {
  remaining(): number;
  read(): {
    readonly descriptor: { readonly value: unknown };
    readonly value: readonly (MessageId | undefined)[];
  };
}

const uuidCode = 0x98;
/** The type codes: three of ulong, one of uuid, two of binary and two of string. */
const messageIdCodes: ReadonlySet<number> = new Set([0x80, 0x53, 0x44, uuidCode, 0xa0, 0xb0, 0xa1, 0xb1]);

function mapIn(section: unknown): Readonly<Record<string, unknown>> {
  return typeof section === 'object' && section !== null ? (section as Record<string, unknown>) : {};
}
