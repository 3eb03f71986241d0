import { isIPv4 } from 'node:net';
import { childrenOf, contextTag, expectTag, Malformed, readDer, tags, type Der } from './der/der.ts';
import { readOid } from './der/der-values.ts';
import { readName, type DistinguishedName } from './name.ts';

/** A GeneralName of subjectAltName or nameConstraints (RFC 5280 4.2.1.6). */
export type GeneralName =
  | { readonly form: 'dns' | 'email' | 'uri'; readonly text: string }
  /**
   * In a certificate, an address of 4 or 16 octets. In a constraint, an address and then a mask, together 8 or 32
   * octets.
   */
  | { readonly form: 'ip'; readonly octets: Buffer }
  | { readonly form: 'directory'; readonly name: DistinguishedName }
  /**
   * A name form that the parser does not read further. `kind` is the name of the form; for an otherName it includes the
   * type.
   */
  | { readonly form: 'other'; readonly kind: string };

/** @throws Malformed */
export function readGeneralName(value: Der, what: string): GeneralName {
  switch (value.tag) {
    case 0x81:
      return { form: 'email', text: ia5(value, what) };
    case 0x82:
      return { form: 'dns', text: ia5(value, what) };
    case 0x86:
      return { form: 'uri', text: ia5(value, what) };
    case 0x87:
      return { form: 'ip', octets: value.content };
    case 0xa4:
      return { form: 'directory', name: readName(readDer(value.content, what), what) };
    case 0xa0:
      return { form: 'other', kind: `otherName ${readOtherNameType(value, what)}` };
    case 0x88:
      readOid({ ...value, tag: tags.oid }, what);
      return { form: 'other', kind: 'registered ID' };
    case 0xa3:
      return { form: 'other', kind: 'X.400 address' };
    case 0xa5:
      return { form: 'other', kind: 'EDI party name' };
    default:
      throw new Malformed(`${what} has a name of an unknown form`);
  }
}

/** Reads the type of an OtherName. Does not parse its value, which is in [0] (RFC 5280 4.2.1.6). */
function readOtherNameType(value: Der, what: string): string {
  const [type, wrapped, ...more] = childrenOf(value, what);
  readDer(expectTag(wrapped, contextTag(0, 'constructed'), `the value of an otherName of ${what}`).content, what);
  if (more.length > 0) throw new Malformed(`${what} has an otherName with an extra element`);
  return readOid(type, what);
}

/** @throws Malformed */
export function readGeneralNames(value: Der, tag: number, what: string): readonly GeneralName[] {
  return childrenOf(expectTag(value, tag, what), what).map((name) => readGeneralName(name, what));
}

/** Formats a name: `DNS "example.com"`, `IP 10.0.0.0/255.0.0.0`. */
export function showGeneralName(name: GeneralName): string {
  switch (name.form) {
    case 'dns':
      return `DNS ${JSON.stringify(name.text)}`;
    case 'email':
      return `e-mail ${JSON.stringify(name.text)}`;
    case 'uri':
      return `URI ${JSON.stringify(name.text)}`;
    case 'ip':
      return `IP ${showAddress(name.octets)}`;
    case 'directory':
      return `directory name ${name.name.text}`;
    case 'other':
      return name.kind;
    default:
      return name satisfies never;
  }
}

/** Returns the octets of an IP address, or undefined if the text is not an IP address. */
export function addressOctets(text: string): Buffer | undefined {
  if (isIPv4(text)) return Buffer.from(text.split('.').map(Number));
  const [head = '', tail] = embedIpv4(text).split('::');
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return Buffer.from(all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]));
}

/** Reads an IA5String, which is ASCII. Rejects NUL, because some parsers would end the name there (CVE-2009-2408). */
function ia5({ content }: Der, what: string): string {
  if (content.some((octet) => octet >= 0x80 || octet === 0))
    throw new Malformed(`${what} has a name that is not plain ASCII`);
  return content.toString('latin1');
}

/** Formats 4 or 16 octets as an IP address, and 8 or 32 octets as address and mask. */
function showAddress(octets: Buffer): string {
  if (octets.length === 8 || octets.length === 32) {
    const half = octets.length / 2;
    return `${showAddress(octets.subarray(0, half))}/${showAddress(octets.subarray(half))}`;
  }
  if (octets.length === 4) return [...octets].join('.');
  if (octets.length === 16) return (octets.toString('hex').match(/.{4}/g) ?? []).join(':');
  return `of ${octets.length} octets`;
}

/** Rewrites the IPv4 address at the end of an address such as `::ffff:10.0.0.1` as two groups. */
function embedIpv4(text: string): string {
  const at = text.lastIndexOf(':') + 1;
  const last = text.slice(at);
  if (!last.includes('.')) return text;
  if (!isIPv4(last)) return `${text.slice(0, at)}x`;
  const [a = 0, b = 0, c = 0, d = 0] = last.split('.').map(Number);
  return `${text.slice(0, at)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
