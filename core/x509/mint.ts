import { generateKeyPair as generate, randomBytes, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Millis } from '../clock.ts';
import { parseCertificate, type Certificate } from './certificate.ts';
import { contextTag, tags } from './der.ts';
import { writeBitOctets, writeCount, writeDer, writeInteger, writeOid, writeSequence, writeTime } from './der-write.ts';
import { writeExtensions, type MintedExtensions } from './mint-extensions.ts';
import { writeName, type Subject } from './mint-name.ts';
import { toPem } from './pem.ts';

/** The kinds of key that a certificate may be minted for. */
export const keyKinds = ['P-256', 'P-384', 'RSA-2048'] as const;

export type KeyKind = (typeof keyKinds)[number];

export interface KeyPair {
  readonly kind: KeyKind;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** What a certificate shall say. What is left out gets the default of a CA (with `ca`) or of a TLS leaf. */
export interface MintOrder extends MintedExtensions {
  readonly subject: Subject;
  readonly keys: KeyPair;
  /** Absent: the certificate signs itself. `certificate` gives the name and the key identifier only. */
  readonly issuer?: { readonly certificate: Certificate; readonly keys: KeyPair };
  /** Both to the second: what a certificate can say. */
  readonly notBefore: Millis;
  readonly notAfter: Millis;
  /** Magnitude of the serial number, up to 16 octets; made positive. Random where left out. */
  readonly serialNumber?: Buffer;
}

export interface Minted {
  readonly certificate: Certificate;
  readonly der: Buffer;
  readonly pem: string;
  readonly keys: KeyPair;
  /** PKCS #8. */
  readonly privateKeyPem: string;
}

/** A fresh key pair, from the system's own randomness whatever the seed of the run: no key is ever known beforehand. */
export async function generateKeyPair(kind: KeyKind): Promise<KeyPair> {
  const pair =
    kind === 'RSA-2048'
      ? await generateAsync('rsa', { modulusLength: 2048 })
      : await generateAsync('ec', { namedCurve: kind });
  return { kind, ...pair };
}

/**
 * Mints an X.509 version 3 certificate (RFC 5280 4.1). No clock is asked: the caller gives both ends of the validity.
 *
 * @throws Error where the order makes no certificate, such as a validity that the calendar lacks: our own bug.
 */
export async function mintCertificate(order: MintOrder): Promise<Minted> {
  const der = mintDer(order);
  const read = parseCertificate(der);
  if (!read.ok)
    throw new Error(`minted something for ${order.subject.commonName ?? 'a device'} that is ${read.problem}`);
  const privateKeyPem = order.keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  return { certificate: read.certificate, der, pem: toPem(der), keys: order.keys, privateKeyPem };
}

/** As `mintCertificate`, but only the DER and without a look at it: extra extensions may make it unreadable. */
export function mintDer(order: MintOrder): Buffer {
  const { keys, issuer } = order;
  const signer = issuer?.keys ?? keys;
  const algorithm = signatureAlgorithms[signer.kind];
  const subject = writeName(order.subject);
  const publicKeyInfo = keys.publicKey.export({ format: 'der', type: 'spki' });
  const around = { publicKeyInfo, issuer: issuer?.certificate, subjectIsEmpty: subject.length === 2 };
  const tbs = writeSequence(
    writeDer(contextTag(0, 'constructed'), writeCount(2)),
    writeInteger(positive(order.serialNumber ?? randomBytes(16))),
    algorithm.der,
    issuer?.certificate.subjectName.der ?? subject,
    writeSequence(writeTime(order.notBefore), writeTime(order.notAfter)),
    subject,
    publicKeyInfo,
    writeDer(contextTag(3, 'constructed'), writeExtensions(order, around)),
  );
  return writeSequence(tbs, algorithm.der, writeBitOctets(sign(algorithm.hash, tbs, signer.privateKey)));
}

const generateAsync = promisify(generate);

const signatureAlgorithms: Readonly<Record<KeyKind, { hash: string; der: Buffer }>> = {
  'P-256': { hash: 'sha256', der: writeSequence(writeOid('1.2.840.10045.4.3.2')) },
  'P-384': { hash: 'sha384', der: writeSequence(writeOid('1.2.840.10045.4.3.3')) },
  'RSA-2048': { hash: 'sha256', der: writeSequence(writeOid('1.2.840.113549.1.1.11'), writeDer(tags.null)) },
};

/** Above zero and below 2^127, so that it fits 16 octets with its sign. */
function positive(serial: Buffer): Buffer {
  const octets = Buffer.from(serial.subarray(0, 16));
  if (octets.every((octet) => octet === 0)) return Buffer.from([1]);
  if (octets.length === 16) octets[0] = (octets[0] ?? 0) & 0x7f;
  return octets.every((octet) => octet === 0) ? Buffer.from([1]) : octets;
}
