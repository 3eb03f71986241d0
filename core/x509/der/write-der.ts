import { tags } from './der.ts';

/**
 * Encodes one value in DER (X.690 10.1): the tag, the length in its shortest form, and then `parts` unchanged. The caller has already
 * encoded `parts`; together they are the contents of the value.
 */
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

/** Returns a BIT STRING with named bits (X.690 8.6 and 11.2.2). @param bits the numbers of the bits that are set, in any order. */
export function writeBits(bits: readonly number[]): Buffer {
  const last = Math.max(-1, ...bits);
  const octets = Buffer.alloc(Math.ceil((last + 1) / 8));
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return writeDer(tags.bitString, Buffer.from([octets.length * 8 - (last + 1)]), octets);
}

/** Returns an OBJECT IDENTIFIER from its dotted form, such as `2.5.29.14` (X.690 8.19). Each number is below 2^53. */
export function writeOid(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  return writeDer(tags.oid, Buffer.from([first * 40 + second, ...others].flatMap(base128)));
}

/** Returns a number in groups of seven bits. Every octet except the last one has its high bit set. */
function base128(number: number): readonly number[] {
  const octets = [number % 128];
  for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128))
    octets.unshift(0x80 | (rest % 128));
  return octets;
}

function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}
