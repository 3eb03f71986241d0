import rhea from 'rhea';
import { readBody } from './framing/read-body.ts';
import { areMessageSections } from './framing/amqp-value.ts';

/** A message as it came. */
export interface AmqpMessage {
  /** Data sections, or the octets of a value; empty where there is neither. */
  readonly body: Buffer;
  /** What the body is where it has no octets, such as "an amqp-sequence"; nothing of it is read then. */
  readonly unreadable: string | undefined;
  /** Of the application. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly annotations: Readonly<Record<string, unknown>>;
  /** The message's own properties (AMQP 1.0 3.2.4), by rhea's names; IDs stand beside, with their types. */
  readonly system: Readonly<Record<string, unknown>>;
  /** As it is to be written again, with its type; undefined where there was none. */
  readonly messageId: MessageId | undefined;
  readonly correlationId: MessageId | undefined;
  /** The messages that came together in this one. */
  readonly batch?: readonly AmqpMessage[];
}

/** An ID as rhea reads it when it is not asked to unwrap it. */
export interface MessageId {
  readonly type: { readonly typecode: number };
  readonly value: unknown;
}

/**
 * Reads the sections of a message.
 *
 * @param isBatch whether each data section is a message of its own, which is how IoT SDKs send several at once.
 * @throws where they are none.
 */
export function readMessage(bytes: unknown, isBatch = false): AmqpMessage {
  if (!Buffer.isBuffer(bytes) || !areMessageSections(bytes)) throw new Error('a message that cannot be read');
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

/** An ID as text: a UUID in its usual form, octets in base64. */
export function idText(id: MessageId | undefined): string | undefined {
  if (id === undefined) return undefined;
  const { value, type } = id;
  if (!Buffer.isBuffer(value)) return String(value);
  return type.typecode === uuidCode && value.length === 16 ? rhea.uuid_to_string(value) : value.toString('base64');
}

/**
 * The first and the sixth field of the properties section, with their types: read and written again by its value, octets
 * would come back as a UUID. Undefined also where the type is none that may stand there (AMQP 1.0 3.2.11 to 14).
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
/** ulong in three widths, uuid, binary and string in two widths each. */
const messageIdCodes: ReadonlySet<number> = new Set([0x80, 0x53, 0x44, uuidCode, 0xa0, 0xb0, 0xa1, 0xb1]);

function mapIn(section: unknown): Readonly<Record<string, unknown>> {
  return typeof section === 'object' && section !== null ? (section as Record<string, unknown>) : {};
}
