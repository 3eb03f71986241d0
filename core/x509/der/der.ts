/** One DER value: its identifier octet, its contents, and its whole encoding. */
export interface Der {
  readonly tag: number;
  readonly content: Buffer;
  readonly bytes: Buffer;
}

/**
 * Error for malformed input. The parsers throw it; `parseCertificate` turns it into a `Result`, so it never leaves core/x509.
 */
export class Malformed extends Error {}

/** Identifier octets (X.690 8.1.2) of the universal types that certificates use. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Returns the context-specific identifier octet [n]. The form is `constructed` if the value contains other values. */
export function contextTag(number: number, form: 'constructed' | 'primitive'): number {
  return (form === 'constructed' ? 0xa0 : 0x80) | number;
}

/**
 * Reads exactly one value that fills `bytes`. Accepts only definite, minimal lengths, and no octets after the value (X.690 10.1).
 *
 * @throws Malformed
 */
export function readDer(bytes: Buffer, what: string): Der {
  const value = readAt(bytes, 0, what);
  if (value.bytes.length !== bytes.length)
    throw new Malformed(`${what} has ${bytes.length - value.bytes.length} extra octets`);
  return value;
}

/**
 * Reads one value that fills `bytes` and has this tag.
 *
 * @throws Malformed
 */
export function readTagged(bytes: Buffer, tag: number, what: string): Der {
  return expectTag(readDer(bytes, what), tag, what);
}

/**
 * Returns the values inside a constructed value, in order. Reads one level only, so deep nesting costs no extra work.
 *
 * @throws Malformed
 */
export function childrenOf(value: Der, what: string): Der[] {
  const children: Der[] = [];
  for (let offset = 0; offset < value.content.length;) {
    const child = readAt(value.content, offset, what);
    children.push(child);
    offset += child.bytes.length;
  }
  return children;
}

/**
 * Reads the optional fields of a SEQUENCE by their tags. Each field may occur once, in the order of the definition.
 *
 * @returns one entry per tag, undefined if the field is absent.
 * @throws Malformed
 */
export function optionalFields(sequence: Der, order: readonly number[], what: string): (Der | undefined)[] {
  const rest = childrenOf(sequence, what);
  const fields = order.map((tag) => (rest[0]?.tag === tag ? rest.shift() : undefined));
  const [extra] = rest;
  if (extra !== undefined) throw new Malformed(`${what} has a field ${hex(extra.tag)} that is not defined`);
  return fields;
}

/** Returns `value`. @throws Malformed if `value` is undefined or has another tag. */
export function expectTag(value: Der | undefined, tag: number, what: string): Der {
  if (value?.tag !== tag) {
    throw new Malformed(
      `${what} should have DER tag ${hex(tag)}, found ${value === undefined ? 'nothing' : hex(value.tag)}`,
    );
  }
  return value;
}

function readAt(bytes: Buffer, offset: number, what: string): Der {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined) throw new Malformed(`${what} is cut off`);
  if ((tag & 0x1f) === 0x1f) throw new Malformed(`${what} has a DER tag of several octets`);
  const { length, size } = readLength(bytes, offset + 1, first, what);
  const start = offset + 1 + size;
  const end = start + length;
  if (end > bytes.length) throw new Malformed(`${what} is cut off: ${end - bytes.length} octets are missing`);
  return { tag, content: bytes.subarray(start, end), bytes: bytes.subarray(offset, end) };
}

function readLength(bytes: Buffer, offset: number, first: number, what: string): { length: number; size: number } {
  if (first < 0x80) return { length: first, size: 1 };
  const count = first & 0x7f;
  if (count === 0) throw new Malformed(`${what} has an indefinite length, which DER forbids`);
  if (count > 4 || offset + 1 + count > bytes.length)
    throw new Malformed(`${what} has a length that reaches beyond the end`);
  const length = bytes.readUIntBE(offset + 1, count);
  if (length < 0x80 || length < 2 ** (8 * (count - 1))) throw new Malformed(`${what} has a length that is not minimal`);
  return { length, size: 1 + count };
}

function hex(tag: number): string {
  return `0x${tag.toString(16).padStart(2, '0')}`;
}
