import { createHash } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { GeneralName, GeneralSubtree, GeneralSubtrees, Name, NameConstraints } from '@peculiar/asn1-x509';
import type { Certificate } from '../certificate.ts';
import { keyUsages, type KeyUsage } from '../extensions.ts';
import { addressOctets, showAddress } from '../general-name.ts';
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

/**
 * Returns each GeneralName of subjectAltName (RFC 5280 4.2.1.6). The texts of the names are IA5String, which has an
 * octet for each character.
 */
function alternativeNames({
  dnsNames = [],
  ipAddresses = [],
  emailAddresses = [],
  uris = [],
}: MintedExtensions): readonly Buffer[] {
  const addresses = ipAddresses.map((ip) => writeDer(contextTag(7, 'primitive'), octetsOf(ip)));
  return [...textNames(2, dnsNames), ...addresses, ...textNames(1, emailAddresses), ...textNames(6, uris)];
}

function textNames(number: number, values: readonly string[]): readonly Buffer[] {
  return values.map((value) => writeDer(contextTag(number, 'primitive'), Buffer.from(value, 'latin1')));
}

/** Returns NameConstraints (RFC 5280 4.2.1.10). */
function constraintsOf({ permitted = [], excluded = [] }: NonNullable<MintedExtensions['nameConstraints']>): Buffer {
  const constraints = new NameConstraints({
    ...(permitted.length === 0 ? {} : { permittedSubtrees: subtrees(permitted) }),
    ...(excluded.length === 0 ? {} : { excludedSubtrees: subtrees(excluded) }),
  });
  return Buffer.from(AsnConvert.serialize(constraints));
}

function subtrees(names: readonly NameOrder[]): GeneralSubtrees {
  return new GeneralSubtrees(names.map((name) => new GeneralSubtree({ base: generalName(name) })));
}

function generalName(name: NameOrder): GeneralName {
  if ('dns' in name) return new GeneralName({ dNSName: name.dns });
  if ('email' in name) return new GeneralName({ rfc822Name: name.email });
  if ('uri' in name) return new GeneralName({ uniformResourceIdentifier: name.uri });
  if ('directory' in name) return new GeneralName({ directoryName: AsnConvert.parse(nameDer(name.directory), Name) });
  const [address = '', prefix = ''] = name.ip.split('/');
  return new GeneralName({ iPAddress: `${plainAddress(address)}/${prefix}` });
}

/** Normalises an IP address, because the library misreads an IPv4 address at the end of an IPv6 address. */
function plainAddress(text: string): string {
  return showAddress(octetsOf(text));
}

function octetsOf(address: string): Buffer {
  const octets = addressOctets(address);
  if (octets === undefined) throw new Error(`${address} is not an IP address`);
  return Buffer.from(octets);
}
