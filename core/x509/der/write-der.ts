import { tags } from './der.ts';

/** Returns one value in DER (X.690 10.1): the tag, the minimal length, and the parts, which are encoded contents. */
export function writeDer(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(length)]), ...parts]);
}

/** Returns an INTEGER that is not negative, from its octets in big-endian order (X.690 8.3). */
export function writeInteger(octets: Uint8Array): Buffer {
  const first = octets.findIndex((octet) => octet !== 0);
  const digits = first === -1 ? Buffer.from([0]) : octets.subarray(first);
  return writeDer(tags.integer, ...((digits[0] ?? 0) >= 0x80 ? [Buffer.from([0])] : []), digits);
}

/** Returns a BIT STRING of whole octets, such as a signature (X.690 8.6). */
export function writeBitOctets(octets: Uint8Array): Buffer {
  return writeDer(tags.bitString, Buffer.from([0]), octets);
}

function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}
