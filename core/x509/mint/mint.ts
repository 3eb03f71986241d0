// The library keeps its own registry of algorithms, which needs the metadata first.
import 'reflect-metadata';
import { randomBytes, type KeyObject } from 'node:crypto';
import { Name as AsnName } from '@peculiar/asn1-x509';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Name, X509CertificateGenerator } from '@peculiar/x509';
import { mustFitCertificate } from '../../time/calendar.ts';
import { instantAsDate, type Millis } from '../../time/clock.ts';
import { parseCertificate, type Certificate } from '../certificate.ts';
import type { KeyPair } from './key-pair.ts';
import { mintExtensions, type MintedExtensions } from './mint-extensions.ts';
import { nameOf, type SubjectName } from './mint-name.ts';
import { toPem } from '../der/pem.ts';
import { signingTools, type Signer } from './signer.ts';

/** What a certificate shall say. What is left out gets the default of a CA (with `ca`) or of a TLS leaf. */
interface Contents extends MintedExtensions {
  readonly subject: SubjectName;
  /** Both to the second, from 1950 on: what a certificate can say. */
  readonly notBefore: Millis;
  readonly notAfter: Millis;
  /** Magnitude of the serial number, up to 16 octets; made positive. Random where left out. */
  readonly serialNumber?: Buffer;
}

/** `certificate` gives the name and the key identifier only. */
interface Issuer {
  readonly certificate: Certificate;
  readonly keys: Signer;
}

export interface MintOrder extends Contents {
  readonly keys: KeyPair;
  /** Absent: the certificate signs itself. */
  readonly issuer?: Issuer;
}

/** For a key whose private half is elsewhere: with whoever sent a signing request, or in a security module. */
interface IssueOrder extends Contents {
  readonly publicKey: KeyObject;
  /** Without a certificate: the key signs for itself. */
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
 * Mints an X.509 version 3 certificate (RFC 5280 4.1). No clock is asked: the caller gives both ends of the validity.
 *
 * @throws OutsideCalendar if a certificate cannot say the validity, and Error if the order makes no certificate: our own bug.
 */
export async function mintCertificate(order: MintOrder): Promise<Minted> {
  const issued = read(order, await mintDer(order));
  const privateKeyPem = order.keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  return { ...issued, keys: order.keys, privateKeyPem };
}

/** As `mintCertificate`, for a public key alone. */
export async function issueCertificate(order: IssueOrder): Promise<Issued> {
  return read(order, await signed(order, order.publicKey, order.issuer.keys, order.issuer.certificate));
}

/** As `mintCertificate`, but only the DER and without a look at it: extra extensions may make it unreadable. */
export function mintDer(order: MintOrder): Promise<Buffer> {
  return signed(order, order.keys.publicKey, order.issuer?.keys ?? order.keys, order.issuer?.certificate);
}

function read(order: Contents, der: Buffer): Issued {
  const result = parseCertificate(der);
  if (!result.ok)
    throw new Error(`minted something for ${order.subject.commonName ?? 'a device'} that is ${result.problem}`);
  return { certificate: result.certificate, der, pem: toPem(der) };
}

async function signed(
  order: Contents,
  publicKey: KeyObject,
  signer: Signer,
  issuer: Certificate | undefined,
): Promise<Buffer> {
  mustFitCertificate(order);
  const subject = nameOf(order.subject);
  const publicKeyInfo = publicKey.export({ format: 'der', type: 'spki' });
  const { signingAlgorithm, signingKey, subtle } = signingTools(signer);
  const body = {
    subject: new Name(subject),
    issuer: new Name(issuer === undefined ? subject : AsnConvert.parse(issuer.subjectName.der, AsnName)),
    serialNumber: positive(order.serialNumber ?? randomBytes(16)).toString('hex'),
    // The library writes every year before 2050 with two digits: 1949 would be read as 2049.
    notBefore: instantAsDate(order.notBefore),
    notAfter: instantAsDate(order.notAfter),
    publicKey: publicKeyInfo,
    signingAlgorithm,
    signingKey,
    extensions: await mintExtensions(order, { publicKeyInfo, issuer, subjectIsEmpty: subject.length === 0 }),
  };
  const made = await X509CertificateGenerator.create(body, { subtle });
  return Buffer.from(made.rawData);
}

/** Above zero and below 2^127, so that it fits 16 octets with its sign. */
function positive(serial: Buffer): Buffer {
  const octets = Buffer.from(serial.subarray(0, 16));
  if (octets.every((octet) => octet === 0)) return Buffer.from([1]);
  if (octets.length === 16) octets[0] = (octets[0] ?? 0) & 0x7f;
  return octets.every((octet) => octet === 0) ? Buffer.from([1]) : octets;
}
