import { defined } from '../defined.ts';
import {
  childrenOf,
  contextTag,
  expectTag,
  Malformed,
  optionalFields,
  readDer,
  readTagged,
  tags,
  type Der,
} from './der/der.ts';
import { integerOctets, readBoolean, readCount, readNamedBits, readOid } from './der/der-values.ts';
import { checkAccessLocations, checkDistributionPoints } from './location-extensions.ts';
import { readGeneralName, readGeneralNames, type GeneralName } from './general-name.ts';
import { extendedKeyUsageOids, extensionOids } from './der/oids.ts';
import {
  readPolicies,
  readPolicyConstraints,
  readPolicyMappings,
  type PolicyConstraints,
} from './policy-extensions.ts';

/** Names of the key usage bits in their order (RFC 5280 4.2.1.3). */
export const keyUsages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

export type KeyUsage = (typeof keyUsages)[number];

/**
 * One subtree of a name constraint. `plain` is true if `minimum` is 0 and `maximum` is absent, as RFC 5280 4.2.1.10 requires.
 */
export interface NameSubtree {
  readonly base: GeneralName;
  readonly plain: boolean;
}

/** The extensions of a certificate that path validation uses. A member is absent if the certificate lacks the extension. */
export interface Extensions {
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number };
  readonly keyUsage?: ReadonlySet<KeyUsage>;
  /** Short names such as `clientAuth`; dotted identifiers of usages without a short name. */
  readonly extendedKeyUsage?: readonly string[];
  readonly nameConstraints?: { readonly permitted: readonly NameSubtree[]; readonly excluded: readonly NameSubtree[] };
  readonly subjectAltName?: readonly GeneralName[];
  /** Hexadecimal. */
  readonly subjectKeyIdentifier?: string;
  readonly authorityKeyIdentifier?: {
    readonly keyIdentifier?: string;
    readonly issuer?: readonly GeneralName[];
    /** Hexadecimal, as `Certificate.serialNumber`. */
    readonly serialNumber?: string;
  };
  readonly policies?: readonly string[];
  readonly policyMappings?: readonly { readonly issuer: string; readonly subject: string }[];
  readonly policyConstraints?: PolicyConstraints;
  readonly inhibitAnyPolicy?: number;
  /** Bit numbers of the old Netscape certificate type: 0 is TLS client, 1 is TLS server. */
  readonly netscapeCertType?: readonly number[];
  /** Object identifiers of all extensions of the certificate, in order. */
  readonly present: readonly string[];
  readonly critical: readonly string[];
}

/**
 * Reads the list of extensions. RFC 5280 4.2 permits each extension once. An empty list, which RFC 5280 4.1 forbids, is
 * accepted as OpenSSL and Go do, because mbed TLS writes it into certificates without extensions.
 *
 * @throws Malformed
 */
export function readExtensions(list: Der): Extensions {
  const items = childrenOf(expectTag(list, tags.sequence, 'the list of extensions'), 'the list of extensions');
  if (items.length > extensionLimit)
    throw new Malformed(`the certificate has ${items.length} extensions; at most ${extensionLimit} are supported`);
  const found = items.map(readExtension);
  const present = found.map(({ oid }) => oid);
  const twice = present.find((oid, index) => present.indexOf(oid) !== index);
  if (twice !== undefined) throw new Malformed(`extension ${twice} occurs twice`);
  const fields = found.map(({ oid, value }) => readers[oid]?.(value) ?? {});
  return Object.assign(
    { present, critical: found.filter(({ critical }) => critical).map(({ oid }) => oid) },
    ...fields,
  );
}

/** Maximum number of extensions. Real certificates have about ten. */
const extensionLimit = 64;

type Fields = Partial<Extensions>;

function readExtension(extension: Der): { oid: string; critical: boolean; value: Buffer } {
  const [id, ...rest] = childrenOf(expectTag(extension, tags.sequence, 'an extension'), 'an extension');
  const oid = readOid(id, 'the identifier of an extension');
  // DER omits a default value, here "not critical". Some vendors write it anyway; its meaning is clear, so the parser accepts
  // it.
  const flag = rest[0]?.tag === tags.boolean ? rest.shift() : undefined;
  const critical = flag !== undefined && readBoolean(flag, `the critical flag of extension ${oid}`);
  const value = expectTag(rest[0], tags.octetString, `extension ${oid}`).content;
  if (rest.length > 1) throw new Malformed(`extension ${oid} has an extra element`);
  return { oid, critical, value };
}

const readers: Readonly<Record<string, (value: Buffer) => Fields>> = {
  [extensionOids.basicConstraints]: (value) => ({ basicConstraints: readBasicConstraints(value) }),
  [extensionOids.keyUsage]: (value) => ({ keyUsage: readKeyUsage(value) }),
  [extensionOids.extendedKeyUsage]: (value) => ({ extendedKeyUsage: readExtendedKeyUsage(value) }),
  [extensionOids.nameConstraints]: (value) => ({ nameConstraints: readNameConstraints(value) }),
  [extensionOids.subjectAltName]: (value) => ({ subjectAltName: readSubjectAltName(value) }),
  [extensionOids.subjectKeyIdentifier]: (value) => ({
    subjectKeyIdentifier: readTagged(value, tags.octetString, 'subjectKeyIdentifier').content.toString('hex'),
  }),
  [extensionOids.authorityKeyIdentifier]: (value) => ({ authorityKeyIdentifier: readAuthorityKeyIdentifier(value) }),
  // The verifier fetches nothing from these locations, but a malformed location makes the certificate malformed.
  [extensionOids.crlDistributionPoints]: (value) => (checkDistributionPoints(value), {}),
  [extensionOids.authorityInfoAccess]: (value) => (checkAccessLocations(value), {}),
  [extensionOids.certificatePolicies]: (value) => ({ policies: readPolicies(value) }),
  [extensionOids.policyMappings]: (value) => ({ policyMappings: readPolicyMappings(value) }),
  [extensionOids.policyConstraints]: (value) => ({ policyConstraints: readPolicyConstraints(value) }),
  [extensionOids.inhibitAnyPolicy]: (value) => ({
    inhibitAnyPolicy: readCount(readTagged(value, tags.integer, 'inhibitAnyPolicy'), 'inhibitAnyPolicy'),
  }),
  [extensionOids.netscapeCertType]: (value) => ({
    netscapeCertType: readNamedBits(readDer(value, 'the Netscape certificate type'), 'the Netscape certificate type'),
  }),
};

function readBasicConstraints(value: Buffer): { ca: boolean; pathLength?: number } {
  const what = 'basicConstraints';
  const fields = childrenOf(readTagged(value, tags.sequence, what), what);
  const ca = fields[0]?.tag === tags.boolean && readBoolean(fields.shift(), what);
  const length = fields.shift();
  if (fields.length > 0) throw new Malformed(`${what} has an extra element`);
  return length === undefined ? { ca } : { ca, pathLength: readCount(expectTag(length, tags.integer, what), what) };
}

function readKeyUsage(value: Buffer): ReadonlySet<KeyUsage> {
  const bits = readNamedBits(readDer(value, 'keyUsage'), 'keyUsage');
  const usages = bits.flatMap((bit) => keyUsages[bit] ?? []);
  if (usages.length === 0) throw new Malformed('keyUsage has no bit set, which RFC 5280 4.2.1.3 forbids');
  return new Set(usages);
}

function readExtendedKeyUsage(value: Buffer): string[] {
  const purposes = childrenOf(readTagged(value, tags.sequence, 'extendedKeyUsage'), 'extendedKeyUsage');
  return purposes.map((purpose) => {
    const oid = readOid(purpose, 'extendedKeyUsage');
    return Object.entries(extendedKeyUsageOids).find(([, known]) => known === oid)?.[0] ?? oid;
  });
}

function readNameConstraints(value: Buffer): NonNullable<Extensions['nameConstraints']> {
  const what = 'nameConstraints';
  const fields = childrenOf(readTagged(value, tags.sequence, what), what);
  const permitted = fields[0]?.tag === contextTag(0, 'constructed') ? fields.shift() : undefined;
  const excluded = fields[0]?.tag === contextTag(1, 'constructed') ? fields.shift() : undefined;
  if (fields.length > 0) throw new Malformed(`${what} has an extra element`);
  return { permitted: readSubtrees(permitted, what), excluded: readSubtrees(excluded, what) };
}

function readSubtrees(list: Der | undefined, what: string): NameSubtree[] {
  if (list === undefined) return [];
  return childrenOf(list, what).map((subtree) => {
    const [base, ...bounds] = childrenOf(expectTag(subtree, tags.sequence, what), what);
    if (base === undefined) throw new Malformed(`${what} has an empty subtree`);
    const plain = bounds.every(
      ({ tag, content }) => tag === contextTag(0, 'primitive') && content.equals(Buffer.from([0])),
    );
    return { base: readGeneralName(base, what), plain };
  });
}

function readSubjectAltName(value: Buffer): readonly GeneralName[] {
  const what = 'subjectAltName';
  const names = readGeneralNames(readDer(value, what), tags.sequence, what);
  const address = names.find((name) => name.form === 'ip' && ![4, 16].includes(name.octets.length));
  if (address?.form === 'ip') throw new Malformed(`${what} has an IP address of ${address.octets.length} octets`);
  return names;
}

function readAuthorityKeyIdentifier(value: Buffer): NonNullable<Extensions['authorityKeyIdentifier']> {
  const what = 'authorityKeyIdentifier';
  const order = [contextTag(0, 'primitive'), contextTag(1, 'constructed'), contextTag(2, 'primitive')];
  const [key, issuer, serial] = optionalFields(readTagged(value, tags.sequence, what), order, what);
  return {
    ...defined({
      keyIdentifier: key?.content.toString('hex'),
      issuer: issuer && readGeneralNames(issuer, issuer.tag, what),
      serialNumber: serial && integerOctets(serial, what).toString('hex').toUpperCase(),
    }),
  };
}
