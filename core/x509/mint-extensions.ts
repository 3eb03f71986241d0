import { createHash } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import { childrenOf, contextTag, readDer, tags } from './der.ts';
import { readBitOctets } from './der-values.ts';
import { writeBoolean, writeCount, writeDer, writeNamedBits, writeOid, writeSequence } from './der-write.ts';
import { keyUsages, type KeyUsage } from './extensions.ts';
import { addressOctets } from './general-name.ts';
import { writeName, type Subject } from './mint-name.ts';
import { extendedKeyUsageOids, extensionOids } from './oids.ts';

/** The extensions that an order for a certificate may ask for. */
export interface MintedExtensions {
  /** Present: a CA. */
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
  /** Extensions that are left out although the defaults would write them: for certificates of careless makers. */
  readonly without?: readonly (keyof typeof extensionOids)[];
  /** Extensions that are written as they stand. One with the identifier of another one here takes its place. */
  readonly extraExtensions?: readonly { readonly oid: string; readonly critical?: boolean; readonly value: Buffer }[];
}

/** A subtree of a name constraint; `ip` as address and mask, `10.0.0.0/255.0.0.0`. */
type NameOrder =
  | { readonly dns: string }
  | { readonly email: string }
  | { readonly uri: string }
  | { readonly ip: string }
  | { readonly directory: Subject };

/**
 * DER of the list of extensions, key identifiers included (RFC 5280 4.2.1.1 and 4.2.1.2, method 1).
 *
 * @param subjectIsEmpty subjectAltName is then critical (4.2.1.6).
 */
export function writeExtensions(
  order: MintedExtensions,
  {
    publicKeyInfo,
    issuer,
    subjectIsEmpty,
  }: { publicKeyInfo: Buffer; issuer: Certificate | undefined; subjectIsEmpty: boolean },
): Buffer {
  const own = keyIdentifier(publicKeyInfo);
  const authority = issuer === undefined ? own : identifierOf(issuer);
  const usage = order.keyUsage ?? (order.ca === undefined ? ['digitalSignature'] : ['keyCertSign', 'cRLSign']);
  const purposes = order.extendedKeyUsage ?? (order.ca === undefined ? ['clientAuth'] : []);
  const written = [
    ...extension('basicConstraints', true, writeBasicConstraints(order.ca)),
    ...extension(
      'keyUsage',
      true,
      usage.length === 0 ? undefined : writeNamedBits(usage.map((name) => keyUsages.indexOf(name))),
    ),
    ...extension('extendedKeyUsage', false, purposes.length === 0 ? undefined : writePurposes(purposes)),
    ...extension('subjectAltName', subjectIsEmpty, writeAlternativeNames(order)),
    ...extension('nameConstraints', true, writeConstraints(order.nameConstraints)),
    ...extension('subjectKeyIdentifier', false, writeDer(tags.octetString, own)),
    ...extension('authorityKeyIdentifier', false, writeSequence(writeDer(contextTag(0, 'primitive'), authority))),
  ];
  const extra = order.extraExtensions ?? [];
  const replaced = new Set([
    ...extra.map(({ oid }) => oid),
    ...(order.without ?? []).map((name) => extensionOids[name]),
  ]);
  return writeSequence(
    ...written.filter(({ oid }) => !replaced.has(oid)).map(({ bytes }) => bytes),
    ...extra.map(({ oid, critical, value }) => writeExtension(oid, critical ?? false, value)),
  );
}

/** None or one. */
function extension(
  name: keyof typeof extensionOids,
  critical: boolean,
  value: Buffer | undefined,
): { oid: string; bytes: Buffer }[] {
  const oid = extensionOids[name];
  return value === undefined ? [] : [{ oid, bytes: writeExtension(oid, critical, value) }];
}

function writeExtension(oid: string, critical: boolean, value: Buffer): Buffer {
  return writeSequence(writeOid(oid), ...(critical ? [writeBoolean(true)] : []), writeDer(tags.octetString, value));
}

function identifierOf(issuer: Certificate): Buffer {
  if (issuer.subjectKeyIdentifier !== undefined) return Buffer.from(issuer.subjectKeyIdentifier, 'hex');
  return keyIdentifier(issuer.publicKeyInfo);
}

/** SHA-1 of the key's bits: a name for the key, not a protection. */
function keyIdentifier(publicKeyInfo: Buffer): Buffer {
  const [, bits] = childrenOf(readDer(publicKeyInfo, 'the public key'), 'the public key');
  return createHash('sha1').update(readBitOctets(bits, 'the public key')).digest();
}

function writeBasicConstraints(ca: MintedExtensions['ca']): Buffer {
  if (ca === undefined) return writeSequence();
  return writeSequence(writeBoolean(true), ...(ca.pathLength === undefined ? [] : [writeCount(ca.pathLength)]));
}

function writePurposes(purposes: readonly string[]): Buffer {
  return writeSequence(...purposes.map((purpose) => writeOid(extendedKeyUsageOids[purpose] ?? purpose)));
}

function writeAlternativeNames(order: MintedExtensions): Buffer | undefined {
  const names = [
    ...(order.dnsNames ?? []).map((dns) => writeGeneralName({ dns })),
    ...(order.ipAddresses ?? []).map((ip) => writeGeneralName({ ip })),
    ...(order.emailAddresses ?? []).map((email) => writeGeneralName({ email })),
    ...(order.uris ?? []).map((uri) => writeGeneralName({ uri })),
  ];
  return names.length === 0 ? undefined : writeSequence(...names);
}

function writeConstraints(constraints: MintedExtensions['nameConstraints']): Buffer | undefined {
  if (constraints === undefined) return undefined;
  const lists = [constraints.permitted ?? [], constraints.excluded ?? []];
  return writeSequence(
    ...lists.flatMap((list, index) =>
      list.length === 0
        ? []
        : [writeDer(contextTag(index, 'constructed'), ...list.map((name) => writeSequence(writeGeneralName(name))))],
    ),
  );
}

function writeGeneralName(name: NameOrder): Buffer {
  if ('dns' in name) return writeDer(contextTag(2, 'primitive'), Buffer.from(name.dns, 'latin1'));
  if ('email' in name) return writeDer(contextTag(1, 'primitive'), Buffer.from(name.email, 'latin1'));
  if ('uri' in name) return writeDer(contextTag(6, 'primitive'), Buffer.from(name.uri, 'latin1'));
  if ('directory' in name) return writeDer(contextTag(4, 'constructed'), writeName(name.directory));
  const halves = name.ip.split('/').map((half) => {
    const octets = addressOctets(half);
    if (octets === undefined) throw new Error(`${name.ip} is no IP address`);
    return octets;
  });
  return writeDer(contextTag(7, 'primitive'), ...halves);
}
