import rhea from 'rhea';

/** The bytes of a message body, or its kind if the body cannot be read as bytes. */
export interface AmqpBody {
  /** The bytes of each data section, or the bytes of the single value. */
  readonly parts: readonly Buffer[];
  /** Kind of a body that cannot be read as bytes, such as "an amqp-sequence". */
  readonly unreadable: string | undefined;
}

/**
 * Reads the body of a message (AMQP 1.0 3.2.6 to 3.2.8): data sections, or one value that is binary, a string or a symbol. Null
 * and a missing body count as empty. Other values, sequences, and several kinds of sections together cannot be read as bytes.
 *
 * @param bytes whole sections, as `areMessageSections` checks them.
 */
export function readBody(bytes: Buffer): AmqpBody {
  const sections = bodySectionsOf(bytes);
  const codes = new Set(sections.map(({ code }) => code));
  if (codes.size > 1 || (codes.has(valueCode) && sections.length > 1)) return odd('sections of several kinds');
  if (codes.has(sequenceCode)) return odd('an amqp-sequence');
  const parts = sections.map(({ code, typecode, value }) => octetsOf(value, typecode, code === valueCode));
  const unreadable = codes.has(valueCode)
    ? 'an amqp-value that is neither a string nor binary'
    : 'a data section that is not binary';
  return parts.includes(undefined) ? odd(unreadable) : { parts: parts.filter(isBuffer), unreadable: undefined };
}

interface BodySection {
  readonly code: number;
  readonly typecode: number;
  readonly value: unknown;
}

const sequenceCode = 0x76;
const valueCode = 0x77;
const bodyCodes: ReadonlySet<number> = new Set([0x75, sequenceCode, valueCode]);
const nullCode = 0x40;
/** Constructors of binary, string and symbol, each in two widths (AMQP 1.0 1.6.19 to 1.6.21). */
const binaryCodes: ReadonlySet<number> = new Set([0xa0, 0xb0]);
const textCodes: ReadonlySet<number> = new Set([0xa1, 0xb1, 0xa3, 0xb3]);

function bodySectionsOf(bytes: Buffer): BodySection[] {
  const reader = new (rhea.types as unknown as { Reader: new (bytes: Buffer) => SectionReader }).Reader(bytes);
  const found: BodySection[] = [];
  while (reader.remaining() > 0) {
    const { descriptor, type, value } = reader.read();
    const code = Number(descriptor.value);
    if (bodyCodes.has(code)) found.push({ code, typecode: type.typecode, value });
  }
  return found;
}

function octetsOf(value: unknown, typecode: number, isValue: boolean): Buffer | undefined {
  if (binaryCodes.has(typecode)) return isBuffer(value) ? value : undefined;
  if (!isValue) return undefined;
  if (typecode === nullCode) return Buffer.alloc(0);
  return textCodes.has(typecode) ? Buffer.from(String(value)) : undefined;
}

function isBuffer(value: unknown): value is Buffer {
  return Buffer.isBuffer(value);
}

function odd(unreadable: string): AmqpBody {
  return { parts: [], unreadable };
}

interface SectionReader {
  remaining(): number;
  read(): {
    readonly descriptor: { readonly value: unknown };
    readonly type: { readonly typecode: number };
    readonly value: unknown;
  };
}
