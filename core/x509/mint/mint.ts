import { randomBytes, type KeyObject } from 'node:crypto';
import { mustFitCertificate } from '../../time/calendar.ts';
import { isoInstant, type Millis } from '../../time/clock.ts';
import { parseCertificate, type Certificate } from '../certificate.ts';
import { publicKeyInfoOf } from '../public-key-info.ts';
import type { KeyPair } from './key-pair.ts';
import { mintExtensions, type MintedExtensions } from './mint-extensions.ts';
import { nameDer, type SubjectName } from './mint-name.ts';
import { contextTag, tags } from '../der/der.ts';
import { toPem } from '../der/pem.ts';
import { writeDer, writeInteger } from '../der/write-der.ts';
import { signatureAlgorithm, signedDer, type Signer } from './signer.ts';

/**
 * The content of a certificate. An omitted member gets a default: the default of a CA if `ca` is present, otherwise the default
 * of a TLS leaf.
 */
interface Contents extends MintedExtensions {
  readonly subject: SubjectName;
  /** Start of the validity in whole seconds, 1950 or later, as certificates express it. */
  readonly notBefore: Millis;
  readonly notAfter: Millis;
  /** Serial number of up to 16 octets; the function changes it to a positive number. Default: random. */
  readonly serialNumber?: Buffer;
}

/** The issuer of a certificate. The new certificate gets only the name and the key identifier of `certificate`. */
interface Issuer {
  readonly certificate: Certificate;
  readonly keys: Signer;
}

/** An order for a certificate together with its key pair. */
export interface MintOrder extends Contents {
  readonly keys: KeyPair;
  /** Default: the certificate is self-signed. */
  readonly issuer?: Issuer;
}

/**
 * An order for a certificate for a public key. The private key is with the sender of a signing request, or in a security
 * module.
 */
interface IssueOrder extends Contents {
  readonly publicKey: KeyObject;
  /** If `certificate` is omitted, the certificate is self-signed. */
  readonly issuer: { readonly certificate?: Certificate; readonly keys: Signer };
}

export interface Issued {
  readonly certificate: Certificate;
  readonly der: Buffer;
  readonly pem: string;
}

export interface Minted extends Issued {
  readonly keys: KeyPair;
  /** PKCS #8. */
  readonly privateKeyPem: string;
}

/**
 * Creates a key pair and an X.509 version 3 certificate (RFC 5280 4.1). The caller sets start and end of the validity,
 * so the function reads no clock.
 *
 * @throws OutsideCalendar if a certificate cannot express the validity. Error if the result cannot be parsed, which is
 *   a bug.
 */
export async function mintCertificate(order: MintOrder): Promise<Minted> {
  const issued = read(order, await mintDer(order));
  const privateKeyPem = order.keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  return { ...issued, keys: order.keys, privateKeyPem };
}

/** Creates a certificate like `mintCertificate`, but for a given public key. */
export async function issueCertificate(order: IssueOrder): Promise<Issued> {
  return read(order, await signed(order, order.publicKey, order.issuer.keys, order.issuer.certificate));
}

/** Like `mintCertificate`, but returns unparsed DER, because extra extensions may make the certificate malformed. */
export function mintDer(order: MintOrder): Promise<Buffer> {
  return signed(order, order.keys.publicKey, order.issuer?.keys ?? order.keys, order.issuer?.certificate);
}

function read(order: Contents, der: Buffer): Issued {
  const result = parseCertificate(der);
  if (!result.ok)
    throw new Error(
      `the certificate minted for ${order.subject.commonName ?? 'a device'} cannot be read: ${result.failure.sentence}`,
    );
  return { certificate: result.value, der, pem: toPem(der) };
}

async function signed(
  order: Contents,
  publicKey: KeyObject,
  signer: Signer,
  issuer: Certificate | undefined,
): Promise<Buffer> {
  mustFitCertificate(order);
  const publicKeyInfo = publicKeyInfoOf(publicKey);
  const subjectName = nameDer(order.subject);
  const extensions = mintExtensions(order, { publicKeyInfo, issuer, subjectIsEmpty: subjectName.equals(emptyName) });
  const body = writeDer(
    tags.sequence,
    writeDer(contextTag(0, 'constructed'), version3),
    writeInteger(positive(order.serialNumber ?? randomBytes(16))),
    signatureAlgorithm(signer.kind),
    issuer === undefined ? subjectName : issuer.subjectName.der,
    writeDer(tags.sequence, timeOf(order.notBefore), timeOf(order.notAfter)),
    subjectName,
    publicKeyInfo,
    writeDer(contextTag(3, 'constructed'), writeDer(tags.sequence, ...extensions)),
  );
  return signedDer(body, signer);
}

const emptyName = nameDer({});
const version3 = writeInteger(Buffer.from([2]));

/** Returns a Time: UTCTime has two digits for the years 1950 to 2049, GeneralizedTime is for later years (RFC 5280 4.1.2.5). */
function timeOf(at: Millis): Buffer {
  const digits = isoInstant(at).replaceAll(/[-T:]|\.\d+/g, '');
  return Number(digits.slice(0, 4)) < 2050
    ? writeDer(tags.utcTime, Buffer.from(digits.slice(2)))
    : writeDer(tags.generalizedTime, Buffer.from(digits));
}

/** Returns a number above zero and below 2^127, so that it is positive in 16 octets. */
function positive(serial: Buffer): Buffer {
  const octets = Buffer.from(serial.subarray(0, 16));
  if (octets.every((octet) => octet === 0)) return Buffer.from([1]);
  if (octets.length === 16) octets[0] = (octets[0] ?? 0) & 0x7f;
  return octets.every((octet) => octet === 0) ? Buffer.from([1]) : octets;
}
