import { defined } from '../defined.ts';
import { childrenOf, expectTag, Malformed, tags, type Der } from './der/der.ts';
import { readOid } from './der/der-values.ts';
import { attributeOids } from './der/oids.ts';

/** One attribute of a distinguished name. `text` is absent if the value is not a character string. */
interface NameAttribute {
  readonly oid: string;
  readonly text?: string;
  /** Type of the value: an identifier octet from `tags`. */
  readonly tag: number;
}

/** A distinguished name. */
export interface DistinguishedName {
  readonly der: Buffer;
  /** The name in the text form of RFC 4514: last part first, special characters escaped. */
  readonly text: string;
  readonly attributes: readonly NameAttribute[];
  /** One string for each relative name. Two relative names match (RFC 5280 7.1) if and only if their strings are equal. */
  readonly parts: readonly string[];
  /** The joined parts. Two names match if and only if their keys are equal. */
  readonly key: string;
}

/** @throws Malformed */
export function readName(value: Der | undefined, what: string): DistinguishedName {
  const found = childrenOf(expectTag(value, tags.sequence, what), what);
  if (found.length > partLimit)
    throw new Malformed(`${what} has ${found.length} parts; at most ${partLimit} are supported`);
  const rdns = found.map((rdn) => readRelativeName(rdn, what));
  const parts = rdns.map((rdn) => rdn.map(comparable).toSorted().join('+'));
  return Object.freeze({
    der: value?.bytes ?? Buffer.alloc(0),
    text: rdns
      .toReversed()
      .map((rdn) => rdn.map(printable).join('+'))
      .join(','),
    attributes: rdns.flat().map(({ attribute }) => attribute),
    parts,
    key: parts.join('/'),
  });
}

/** Returns the first common name in a distinguished name, or undefined if it has none. */
export function commonNameOf(name: DistinguishedName): string | undefined {
  return name.attributes.find(({ oid }) => oid === attributeOids['CN'])?.text;
}

/** Maximum number of parts of a name. Real names have fewer than ten. */
const partLimit = 64;

type RelativeName = { readonly attribute: NameAttribute; readonly value: Der };

function readRelativeName(rdn: Der, what: string): RelativeName[] {
  const pairs = childrenOf(expectTag(rdn, tags.set, what), what);
  if (pairs.length === 0) throw new Malformed(`${what} has an empty part`);
  return pairs.map((pair) => {
    const [type, value, ...more] = childrenOf(expectTag(pair, tags.sequence, what), what);
    if (value === undefined || more.length > 0)
      throw new Malformed(`${what} has a part that is not a pair of type and value`);
    if (!valueTags.has(value.tag))
      throw new Malformed(`${what} has a value with DER tag 0x${value.tag.toString(16)}, expected a character string`);
    const text = readText(value, what);
    // Some parsers end the name at a NUL, so they read a shorter name (CVE-2009-2408).
    if (text?.includes('\0') === true) throw new Malformed(`${what} has text that contains a NUL character`);
    const attribute = { oid: readOid(type, what), tag: value.tag, ...defined({ text }) };
    return { attribute, value };
  });
}

/** The types of values that OpenSSL reads in a name: character strings, and for uncommon attributes BIT STRING and SEQUENCE. */
const valueTags: ReadonlySet<number> = new Set([
  tags.utf8String,
  tags.numericString,
  tags.printableString,
  tags.teletexString,
  tags.ia5String,
  tags.universalString,
  tags.bmpString,
  tags.bitString,
  tags.sequence,
]);

/**
 * Returns a text that is equal for equal values. For strings, the text ignores case, string type and repeated spaces. For all other values,
 * it contains the octets.
 */
function comparable({ attribute, value }: RelativeName): string {
  if (attribute.text === undefined) return `${attribute.oid}#${value.bytes.toString('hex')}`;
  const folded = attribute.text
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    .replace(/[ \t\n\v\f\r]+/g, ' ')
    .replace(/^ | $/g, '');
  return `${attribute.oid}=${Buffer.from(folded).toString('hex')}`;
}

function printable({ attribute, value }: RelativeName): string {
  const label = Object.entries(attributeOids).find(([, oid]) => oid === attribute.oid)?.[0] ?? attribute.oid;
  return `${label}=${attribute.text === undefined ? `#${value.bytes.toString('hex')}` : escaped(attribute.text)}`;
}

/** Escapes a value (RFC 4514 2.4). Control characters become hexadecimal, so that a name cannot control a terminal. */
function escaped(text: string): string {
  return text
    .replace(/[\\",+<>;]/g, '\\$&')
    .replace(/^[ #]| $/g, '\\$&')
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
      [...Buffer.from(character)].map((octet) => `\\${octet.toString(16).padStart(2, '0').toUpperCase()}`).join(''),
    );
}

/**
 * Reads a character string of any type. Returns undefined for a value of another type.
 *
 * @throws Malformed
 */
export function readText(value: Der, what: string): string | undefined {
  const { content } = value;
  switch (value.tag) {
    case tags.utf8String: {
      const text = content.toString('utf8');
      if (!Buffer.from(text).equals(content)) throw new Malformed(`${what} has text that is not UTF-8`);
      return text;
    }
    case tags.printableString:
    case tags.ia5String:
    case tags.visibleString:
    case tags.numericString:
    case tags.teletexString:
      return content.toString('latin1');
    case tags.bmpString:
      if (content.length % 2 !== 0) throw new Malformed(`${what} has a BMPString of odd length`);
      return Buffer.from(content).swap16().toString('utf16le');
    case tags.universalString:
      return readUniversal(content, what);
    default:
      return undefined;
  }
}

function readUniversal(content: Buffer, what: string): string {
  if (content.length % 4 !== 0)
    throw new Malformed(`${what} has a UniversalString whose length is not a multiple of 4`);
  const points = Array.from({ length: content.length / 4 }, (_, index) => content.readUInt32BE(index * 4));
  if (points.some((point) => point > 0x10ffff)) throw new Malformed(`${what} has a code point above U+10FFFF`);
  return String.fromCodePoint(...points);
}
