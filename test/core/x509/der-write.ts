import { tags } from '../../../core/x509/der/der.ts';

/** Encodes a DER value with the given contents. */
export function writeDer(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), writeLength(content.length), content]);
}

/** Encodes a SEQUENCE of the given values. */
export function writeSequence(...values: readonly Buffer[]): Buffer {
  return writeDer(tags.sequence, ...values);
}

/** Encodes a magnitude as a minimal, non-negative INTEGER. */
export function writeInteger(magnitude: Buffer): Buffer {
  const start = magnitude.findIndex((octet) => octet !== 0);
  const digits = start < 0 ? Buffer.from([0]) : magnitude.subarray(start);
  return writeDer(tags.integer, (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}

/** Encodes a small count as an INTEGER. */
export function writeCount(count: number): Buffer {
  const octets = Buffer.alloc(6);
  octets.writeUIntBE(count, 0, 6);
  return writeInteger(octets);
}

export function writeBoolean(value: boolean): Buffer {
  return writeDer(tags.boolean, Buffer.from([value ? 0xff : 0]));
}

/** Encodes an OBJECT IDENTIFIER from its dotted form. */
export function writeOid(dotted: string): Buffer {
  const [root = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  return writeDer(tags.oid, Buffer.from([root * 40n + second, ...rest].flatMap(writeArc)));
}

/** Encodes a BIT STRING of whole octets. */
export function writeBitOctets(octets: Buffer): Buffer {
  return writeDer(tags.bitString, Buffer.from([0]), octets);
}

/** Encodes a BIT STRING of named bits, without trailing zeros (X.690 11.2.2). */
export function writeNamedBits(bits: readonly number[]): Buffer {
  const highest = Math.max(-1, ...bits);
  const octets = Buffer.alloc((highest >> 3) + 1);
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return writeDer(tags.bitString, Buffer.from([highest < 0 ? 0 : 7 - (highest & 7)]), octets);
}

function writeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(length);
  const digits = octets.subarray(octets.findIndex((octet) => octet !== 0));
  return Buffer.concat([Buffer.from([0x80 | digits.length]), digits]);
}

function writeArc(arc: bigint): number[] {
  const septets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) septets.unshift(Number(rest & 0x7fn) | 0x80);
  return septets;
}
