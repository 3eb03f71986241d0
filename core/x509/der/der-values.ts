import { isoInstant, parseInstant, type Millis } from '../../time/clock.ts';
import { expectTag, Malformed, tags, type Der } from './der.ts';

/** Reads an OBJECT IDENTIFIER in dotted form (X.690 8.19). */
export function readOid(value: Der | undefined, what: string): string {
  const { content } = expectTag(value, tags.oid, what);
  const last = content.at(-1);
  if (last === undefined || (last & 0x80) !== 0) throw new Malformed(`${what} is not an object identifier`);
  const arcs: bigint[] = [];
  let arc = 0n;
  let started = false;
  for (const octet of content) {
    if (!started && octet === 0x80) throw new Malformed(`${what} is padded`);
    started = true;
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    if (arc >= 1n << 128n) throw new Malformed(`${what} has an arc of more than 128 bits`);
    if ((octet & 0x80) !== 0) continue;
    arcs.push(arc);
    arc = 0n;
    started = false;
  }
  const [head = 0n, ...rest] = arcs;
  const root = head < 40n ? 0n : head < 80n ? 1n : 2n;
  return [root, head - root * 40n, ...rest].join('.');
}

/** Reads a BOOLEAN. DER permits only 00 and FF (X.690 11.1). */
export function readBoolean(value: Der | undefined, what: string): boolean {
  const { content } = expectTag(value, tags.boolean, what);
  if (content.length !== 1 || (content[0] !== 0x00 && content[0] !== 0xff))
    throw new Malformed(`${what} is not a DER boolean`);
  return content[0] === 0xff;
}

/** Returns the octets of an INTEGER, in minimal two's complement (X.690 8.3.2). */
export function readInteger(value: Der | undefined, what: string): Buffer {
  return integerOctets(expectTag(value, tags.integer, what), what);
}

/** Returns the octets of an INTEGER, like `readInteger`, but accepts any (implicit) tag. */
export function integerOctets({ content }: Der, what: string): Buffer {
  const [first, second] = content;
  if (first === undefined) throw new Malformed(`${what} is an integer without octets`);
  const padded = second !== undefined && ((first === 0x00 && second < 0x80) || (first === 0xff && second >= 0x80));
  if (padded) throw new Malformed(`${what} is an integer that is not minimal`);
  return content;
}

/** Reads a small number that is not negative. A value of 2^31 or more becomes 2^31 - 1, which no chain exceeds. */
export function readCount(value: Der, what: string): number {
  const octets = integerOctets(value, what);
  if ((octets[0] ?? 0) >= 0x80) throw new Malformed(`${what} is negative`);
  return octets.length > 4 ? 0x7fffffff : octets.readUIntBE(0, octets.length);
}

/** Returns the octets of a BIT STRING without unused bits, such as a key or a signature. */
export function readBitOctets(value: Der | undefined, what: string): Buffer {
  const { content } = expectTag(value, tags.bitString, what);
  if (content[0] !== 0) throw new Malformed(`${what} is not a bit string of whole octets`);
  return content.subarray(1);
}

/** Returns the positions of the set bits of a BIT STRING, such as keyUsage. Counts from 0. */
export function readNamedBits(value: Der | undefined, what: string): number[] {
  const { content } = expectTag(value, tags.bitString, what);
  const unused = content[0] ?? 8;
  if (unused > 7 || (content.length === 1 && unused !== 0)) throw new Malformed(`${what} is not a bit string`);
  if (((content.at(-1) ?? 0) & (2 ** unused - 1)) !== 0 && content.length > 1)
    throw new Malformed(`${what} has unused bits that are not zero, which DER forbids`);
  const bits: number[] = [];
  for (let bit = 0; bit < (content.length - 1) * 8 - unused; bit++) {
    if (((content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0) bits.push(bit);
  }
  return bits;
}

/** Reads a UTCTime or GeneralizedTime in UTC with seconds (RFC 5280 4.1.2.5). A year with two digits means 1950 to 2049. */
export function readTime(value: Der | undefined, what: string): Millis {
  const text = value?.content.toString('latin1') ?? '';
  const utc = value?.tag === tags.utcTime && /^\d{12}Z$/.test(text);
  const general = value?.tag === tags.generalizedTime && /^\d{14}Z$/.test(text);
  if (!utc && !general) throw new Malformed(`${what} is not a time in the form that RFC 5280 requires`);
  const full = general ? text : `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}`;
  const iso = full.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const instant = parseInstant(iso);
  // The parser turns 30 February into 2 March. A time that the parser changes does not exist.
  if (instant === undefined || isoInstant(instant).replace('.000Z', 'Z') !== iso)
    throw new Malformed(`${what} is ${iso}, which does not exist in the calendar`);
  return instant;
}
