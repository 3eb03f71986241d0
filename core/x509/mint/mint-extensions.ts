import { createHash } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  KeyUsage as AsnKeyUsage,
  KeyUsageFlags,
  NameConstraints,
} from '@peculiar/asn1-x509';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  Extension,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type JsonGeneralNames,
} from '@peculiar/x509';
import type { Certificate } from '../certificate.ts';
import type { KeyUsage } from '../extensions.ts';
import { addressOctets, showAddress } from '../general-name.ts';
import { nameOf, type SubjectName } from './mint-name.ts';
import { childrenOf, readDer } from '../der/der.ts';
import { readBitOctets } from '../der/der-values.ts';
import { extendedKeyUsageOids, extensionOids } from '../der/oids.ts';

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
   * Extensions that the certificate contains unchanged. An extension with the identifier of a default extension
   * replaces it.
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

/**
 * Returns the extensions of a certificate, with key identifiers (RFC 5280 4.2.1.1 and 4.2.1.2, method 1).
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
): Extension[] {
  const own = keyIdentifier(publicKeyInfo);
  const authority = issuer === undefined ? own : identifierOf(issuer);
  const usage = order.keyUsage ?? (order.ca === undefined ? ['digitalSignature'] : ['keyCertSign', 'cRLSign']);
  const purposes = order.extendedKeyUsage ?? (order.ca === undefined ? ['clientAuth'] : []);
  const names = alternativeNames(order);
  const extra = order.extraExtensions ?? [];
  const replaced = new Set([
    ...extra.map(({ oid }) => oid),
    ...(order.without ?? []).map((name) => extensionOids[name]),
  ]);
  return [
    new BasicConstraintsExtension(order.ca !== undefined, order.ca?.pathLength, true),
    ...(usage.length === 0 ? [] : [usageExtension(usage)]),
    ...(purposes.length === 0 ? [] : [new ExtendedKeyUsageExtension(purposes.map(purposeOid))]),
    ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names, subjectIsEmpty)]),
    ...(order.nameConstraints === undefined ? [] : [constraintsExtension(order.nameConstraints)]),
    new SubjectKeyIdentifierExtension(own),
    new AuthorityKeyIdentifierExtension(authority),
  ]
    .filter(({ type }) => !replaced.has(type))
    .concat(extra.map(({ oid, critical, value }) => new Extension(oid, critical ?? false, value)));
}

function identifierOf(issuer: Certificate): string {
  return issuer.subjectKeyIdentifier ?? keyIdentifier(issuer.publicKeyInfo);
}

/**
 * Returns the SHA-1 of a public key in hexadecimal. The value only identifies the key, so the weakness of SHA-1 does not
 * matter.
 */
function keyIdentifier(publicKeyInfo: Buffer): string {
  const [, key] = childrenOf(readDer(publicKeyInfo, 'the public key'), 'the public key');
  return createHash('sha1').update(readBitOctets(key, 'the public key')).digest('hex');
}

/**
 * Creates the extension keyUsage. The type of the library's class accepts only a single bit, so this function does not
 * use the class.
 */
function usageExtension(usage: readonly KeyUsage[]): Extension {
  const flags = usage.reduce((sum, name) => sum | KeyUsageFlags[name], 0);
  return new Extension(extensionOids.keyUsage, true, AsnConvert.serialize(new AsnKeyUsage(flags)));
}

function purposeOid(purpose: string): string {
  return extendedKeyUsageOids[purpose] ?? purpose;
}

function alternativeNames(order: MintedExtensions): JsonGeneralNames {
  return [
    ...(order.dnsNames ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(order.ipAddresses ?? []).map((ip) => ({ type: 'ip' as const, value: plainAddress(ip) })),
    ...(order.emailAddresses ?? []).map((value) => ({ type: 'email' as const, value })),
    ...(order.uris ?? []).map((value) => ({ type: 'url' as const, value })),
  ];
}

/** Creates the extension nameConstraints, because the library has no class for it. */
function constraintsExtension({
  permitted = [],
  excluded = [],
}: NonNullable<MintedExtensions['nameConstraints']>): Extension {
  const constraints = new NameConstraints({
    ...(permitted.length === 0 ? {} : { permittedSubtrees: subtrees(permitted) }),
    ...(excluded.length === 0 ? {} : { excludedSubtrees: subtrees(excluded) }),
  });
  return new Extension(extensionOids.nameConstraints, true, AsnConvert.serialize(constraints));
}

function subtrees(names: readonly NameOrder[]): GeneralSubtrees {
  return new GeneralSubtrees(names.map((name) => new GeneralSubtree({ base: generalName(name) })));
}

function generalName(name: NameOrder): GeneralName {
  if ('dns' in name) return new GeneralName({ dNSName: name.dns });
  if ('email' in name) return new GeneralName({ rfc822Name: name.email });
  if ('uri' in name) return new GeneralName({ uniformResourceIdentifier: name.uri });
  if ('directory' in name) return new GeneralName({ directoryName: nameOf(name.directory) });
  const [address = '', prefix = ''] = name.ip.split('/');
  return new GeneralName({ iPAddress: `${plainAddress(address)}/${prefix}` });
}

/** Normalises an IP address, because the library misreads an IPv4 address at the end of an IPv6 address. */
function plainAddress(text: string): string {
  const octets = addressOctets(text);
  if (octets === undefined) throw new Error(`${text} is not an IP address`);
  return showAddress(octets);
}
