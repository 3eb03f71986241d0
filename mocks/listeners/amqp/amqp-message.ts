import rhea from 'rhea';
import { readBody } from './framing/read-body.ts';
import { areMessageSections } from './framing/amqp-value.ts';

/** A message from a client. */
export interface AmqpMessage {
  /** The content of the data sections, or the bytes of a value; empty if the message has no body. */
  readonly body: Buffer;
  /** Kind of a body that cannot be read as bytes, such as "an amqp-sequence". Undefined if `body` contains the bytes. */
  readonly unreadable: string | undefined;
  /** Application properties. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly annotations: Readonly<Record<string, unknown>>;
  /**
   * The properties section (AMQP 1.0 3.2.4), with the field names of rhea. Message ID and correlation ID are separate members,
   * because they need their types.
   */
  readonly system: Readonly<Record<string, unknown>>;
  /** Message ID with its type, so that an answer can repeat it unchanged. Undefined if the message has no ID. */
  readonly messageId: MessageId | undefined;
  readonly correlationId: MessageId | undefined;
  /** The single messages, if this message is a batch. */
  readonly batch?: readonly AmqpMessage[];
}

/** A message ID or correlation ID with its AMQP type, in the form in which rhea returns wrapped values. */
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
 * Reads message ID and correlation ID with their types: the first and the sixth field of the properties section.
 * Without the type, an answer would contain an ID of bytes as a UUID. An ID is undefined if its type is not allowed for
 * IDs (AMQP 1.0 3.2.11 to 3.2.14).
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
/** AMQP type codes that IDs may have: three for ulong, one for uuid, two for binary and two for string. */
const messageIdCodes: ReadonlySet<number> = new Set([0x80, 0x53, 0x44, uuidCode, 0xa0, 0xb0, 0xa1, 0xb1]);

function mapIn(section: unknown): Readonly<Record<string, unknown>> {
  return typeof section === 'object' && section !== null ? (section as Record<string, unknown>) : {};
}
