import { createHash } from 'node:crypto';
import type { Certificate } from '../certificate.ts';
import { keyUsages, type KeyUsage } from '../extensions.ts';
import { addressOctets } from '../general-name.ts';
import { nameDer, type SubjectName } from './mint-name.ts';
import { childrenOf, contextTag, readDer, tags } from '../der/der.ts';
import { readBitOctets } from '../der/der-values.ts';
import { extendedKeyUsageOids, extensionOids } from '../der/oids.ts';
import { writeBits, writeDer, writeInteger, writeOid } from '../der/write-der.ts';

/** The extensions that the caller can choose for a new certificate. */
export interface MintedExtensions {
  /** If present, the certificate is a CA certificate. */
  readonly ca?: { readonly pathLength?: number };
  /** Default: keyCertSign and cRLSign for a CA, digitalSignature for a leaf. */
  readonly keyUsage?: readonly KeyUsage[];
  /** Short names such as `clientAuth`, or dotted identifiers. Default: none for a CA, clientAuth for a leaf. */
  readonly extendedKeyUsage?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly emailAddresses?: readonly string[];
  readonly uris?: readonly string[];
  readonly nameConstraints?: { readonly permitted?: readonly NameOrder[]; readonly excluded?: readonly NameOrder[] };
  /** Default extensions that the certificate omits, to imitate careless vendors. */
  readonly without?: readonly (keyof typeof extensionOids)[];
  /**
   * Extensions that the certificate contains unchanged. An extension in this list replaces the default extension with
   * the same identifier.
   */
  readonly extraExtensions?: readonly { readonly oid: string; readonly critical?: boolean; readonly value: Buffer }[];
}

/** A subtree of a name constraint. `ip` is an address with a prefix length, `10.0.0.0/8`. */
type NameOrder =
  | { readonly dns: string }
  | { readonly email: string }
  | { readonly uri: string }
  | { readonly ip: string }
  | { readonly directory: SubjectName };

/** One extension of a certificate: its identifier, and Extension in DER. */
interface WrittenExtension {
  readonly oid: string;
  readonly der: Buffer;
}

/**
 * Returns the extensions of a certificate in DER, with key identifiers (RFC 5280 4.2.1.1 and 4.2.1.2, method 1).
 *
 * @param subjectIsEmpty makes subjectAltName critical (4.2.1.6).
 */
export function mintExtensions(
  order: MintedExtensions,
  {
    publicKeyInfo,
    issuer,
    subjectIsEmpty,
  }: { publicKeyInfo: Buffer; issuer: Certificate | undefined; subjectIsEmpty: boolean },
): readonly Buffer[] {
  const { ca, extraExtensions: extra = [], without = [] } = order;
  const own = keyIdentifier(publicKeyInfo);
  const authority = issuer === undefined ? own : identifierOf(issuer);
  const usage = order.keyUsage ?? (ca === undefined ? ['digitalSignature'] : ['keyCertSign', 'cRLSign']);
  const purposes = order.extendedKeyUsage ?? (ca === undefined ? ['clientAuth'] : []);
  const names = alternativeNames(order);
  const replaced = new Set([...extra.map(({ oid }) => oid), ...without.map((name) => extensionOids[name])]);
  return [
    write('basicConstraints', true, basicConstraints(ca)),
    ...(usage.length === 0 ? [] : [write('keyUsage', true, usageBits(usage))]),
    ...(purposes.length === 0 ? [] : [write('extendedKeyUsage', false, sequence(purposes.map(purposeOid)))]),
    ...(names.length === 0 ? [] : [write('subjectAltName', subjectIsEmpty, sequence(names))]),
    ...(order.nameConstraints === undefined
      ? []
      : [write('nameConstraints', true, constraintsOf(order.nameConstraints))]),
    write('subjectKeyIdentifier', false, writeDer(tags.octetString, own)),
    write('authorityKeyIdentifier', false, sequence([writeDer(contextTag(0, 'primitive'), authority)])),
  ]
    .filter(({ oid }) => !replaced.has(oid))
    .concat(extra.map(({ oid, critical, value }) => ({ oid, der: extensionDer(oid, critical ?? false, value) })))
    .map(({ der }) => der);
}

function write(name: keyof typeof extensionOids, isCritical: boolean, value: Buffer): WrittenExtension {
  const oid = extensionOids[name];
  return { oid, der: extensionDer(oid, isCritical, value) };
}

/** Returns Extension (RFC 5280 4.1). DER omits the default value of `critical`, which is false. */
function extensionDer(oid: string, isCritical: boolean, value: Buffer): Buffer {
  return sequence([writeOid(oid), ...(isCritical ? [booleanTrue] : []), writeDer(tags.octetString, value)]);
}

function sequence(parts: readonly Buffer[]): Buffer {
  return writeDer(tags.sequence, ...parts);
}

const booleanTrue = writeDer(tags.boolean, Buffer.from([0xff]));

/** Returns BasicConstraints (RFC 5280 4.2.1.9). DER omits the default value of `cA`, which is false. */
function basicConstraints(ca: MintedExtensions['ca']): Buffer {
  if (ca === undefined) return sequence([]);
  return sequence([
    booleanTrue,
    ...(ca.pathLength === undefined ? [] : [writeInteger(Buffer.from([ca.pathLength >> 8, ca.pathLength & 0xff]))]),
  ]);
}

function identifierOf(issuer: Certificate): Buffer {
  const { subjectKeyIdentifier: own, publicKeyInfo } = issuer;
  return own === undefined ? keyIdentifier(publicKeyInfo) : Buffer.from(own, 'hex');
}

/**
 * Returns the SHA-1 of a public key. The value only identifies the key, so the weakness of SHA-1 does not
 * matter.
 */
function keyIdentifier(publicKeyInfo: Buffer): Buffer {
  const [, key] = childrenOf(readDer(publicKeyInfo, 'the public key'), 'the public key');
  return createHash('sha1').update(readBitOctets(key, 'the public key')).digest();
}

/** Returns KeyUsage (RFC 5280 4.2.1.3). */
function usageBits(usage: readonly KeyUsage[]): Buffer {
  return writeBits(usage.map((name) => keyUsages.indexOf(name)));
}

function purposeOid(purpose: string): Buffer {
  return writeOid(extendedKeyUsageOids[purpose] ?? purpose);
}

/** Returns each GeneralName of subjectAltName (RFC 5280 4.2.1.6). */
function alternativeNames({
  dnsNames = [],
  ipAddresses = [],
  emailAddresses = [],
  uris = [],
}: MintedExtensions): readonly Buffer[] {
  const addresses = ipAddresses.map((ip) => writeDer(contextTag(7, 'primitive'), octetsOf(ip)));
  return [
    ...dnsNames.map((name) => textName(2, name)),
    ...addresses,
    ...emailAddresses.map((name) => textName(1, name)),
    ...uris.map((name) => textName(6, name)),
  ];
}

/** Returns a GeneralName [number] that is an IA5String, which has an octet for each character. */
function textName(number: number, value: string): Buffer {
  return writeDer(contextTag(number, 'primitive'), Buffer.from(value, 'latin1'));
}

/** Returns NameConstraints (RFC 5280 4.2.1.10). */
function constraintsOf({ permitted = [], excluded = [] }: NonNullable<MintedExtensions['nameConstraints']>): Buffer {
  return sequence([...subtrees(0, permitted), ...subtrees(1, excluded)]);
}

/** Returns GeneralSubtrees with the tag [number]; nothing for an empty list, because the list is optional. */
function subtrees(number: number, names: readonly NameOrder[]): readonly Buffer[] {
  if (names.length === 0) return [];
  return [writeDer(contextTag(number, 'constructed'), ...names.map((name) => sequence([subtreeBase(name)])))];
}

/** Returns the GeneralName of a subtree. An IP address has a mask behind it (RFC 5280 4.2.1.10). */
function subtreeBase(name: NameOrder): Buffer {
  if ('dns' in name) return textName(2, name.dns);
  if ('email' in name) return textName(1, name.email);
  if ('uri' in name) return textName(6, name.uri);
  // Name is a CHOICE, so its tag is explicit (X.680 31.2.7).
  if ('directory' in name) return writeDer(contextTag(4, 'constructed'), nameDer(name.directory));
  const [address = '', prefix = ''] = name.ip.split('/');
  const octets = octetsOf(address);
  return writeDer(contextTag(7, 'primitive'), octets, maskOf(Number(prefix), octets.length));
}

/** Returns a mask of this length in octets whose first `ones` bits are 1. */
function maskOf(ones: number, length: number): Buffer {
  const mask = Buffer.alloc(length);
  for (let bit = 0; bit < ones; bit++) mask[bit >> 3] = (mask[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return mask;
}

function octetsOf(address: string): Buffer {
  const octets = addressOctets(address);
  if (octets === undefined) throw new Error(`${address} is not an IP address`);
  return Buffer.from(octets);
}
