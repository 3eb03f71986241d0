import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failed, type Result, succeeded } from '../../core/result.ts';
import type { KeyKind } from '../../core/x509/mint/key-pair.ts';
import { parseCertificate, type Certificate } from '../../core/x509/certificate.ts';
import { toPem } from '../../core/x509/der/pem.ts';
import { publicKeyInfoOf } from '../../core/x509/public-key-info.ts';
import { whyNot } from '../files/file-problem.ts';

/** A CA of a lab, read from the files that `rehearse serve` wrote (cli/serve/lab-pki.ts). */
export interface LabCa {
  readonly name: string;
  readonly certificate: Certificate;
  readonly pem: string;
  /** Certificates that a device sends after its own, as PEM. */
  readonly chainPem: string;
  readonly keys: { readonly kind: KeyKind; readonly privateKey: KeyObject };
}

/** Reads a CA from the folder `pki` of a lab. @param wanted name of the CA. Default: the only CA that issued no other CA. */
export function readAuthority(folder: string, wanted: string | undefined): Result<LabCa> {
  try {
    const names = existsSync(folder) ? caNames(folder) : [];
    if (names.length === 0) {
      return failed(
        'no-pki',
        `${folder} has no CA of a lab; expected the folder \`pki\` of a lab. \`rehearse serve\` writes it if the lab file has \`pki:\` and --state FILE is given`,
      );
    }
    const name = wanted ?? onlyIssuer(folder, names);
    if (name !== undefined && names.includes(name)) return readOne(folder, name);
    const problem = name === undefined ? 'several CAs could issue the certificate' : `the lab has no CA "${name}"`;
    return failed('ca', `${problem}; name one with --ca: ${names.join(', ')}`);
  } catch (error) {
    return failed('unreadable', `the CA in ${folder} cannot be read: ${whyNot(error)}`);
  }
}

function caNames(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('-key.pem'))
    .map((file) => decodeURIComponent(file.slice(0, -'-key.pem'.length)))
    .toSorted();
}

function onlyIssuer(folder: string, names: readonly string[]): string | undefined {
  const certificates = names.map((name) => ({ name, certificate: certificateOf(folder, name) }));
  const last = certificates.filter(({ name, certificate }) =>
    certificates.every(
      (other) => other.name === name || !other.certificate.issuerName.der.equals(certificate.subjectName.der),
    ),
  );
  return last.length === 1 ? last[0]?.name : undefined;
}

function readOne(folder: string, name: string): Result<LabCa> {
  const privateKey = privateKeyOf(folder, name);
  if (!privateKey.ok) return privateKey;
  const kind = kindOf(privateKey.value);
  if (kind === undefined)
    return failed('key', `the key of the CA ${name} has an unsupported type; expected P-256, P-384 or RSA`);
  const certificate = certificateOf(folder, name);
  if (certificate.basicConstraints?.ca !== true)
    return failed(
      'not-a-ca',
      `${certificate.subject} in ${fileOf(folder, name, '')} is not a CA; expected a CA certificate`,
    );
  if (!publicKeyInfoOf(createPublicKey(privateKey.value)).equals(publicKeyInfoOf(certificate.publicKey))) {
    return failed(
      'another-key',
      `the key in ${fileOf(folder, name, '-key')} does not belong to the certificate ${fileOf(folder, name, '')}; expected the key of ${certificate.subject}`,
    );
  }
  return succeeded({
    name,
    certificate,
    pem: toPem(certificate.der),
    chainPem: readFileSync(fileOf(folder, name, '-chain'), 'utf8'),
    keys: { kind, privateKey: privateKey.value },
  });
}

function privateKeyOf(folder: string, name: string): Result<KeyObject> {
  const file = fileOf(folder, name, '-key');
  const bytes = readFileSync(file);
  try {
    return succeeded(createPrivateKey(bytes));
  } catch {
    const found = bytes.includes('ENCRYPTED')
      ? 'an encrypted key; decrypt it with `openssl pkey -in FILE -out FILE`'
      : (/-----BEGIN ([^-\r\n]*)-----/.exec(bytes.toString('latin1'))?.[1] ?? 'no PEM block');
    return failed('key', `${file} is not a private key in PEM without a password: found ${found}`);
  }
}

function kindOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): KeyKind | undefined {
  if (asymmetricKeyType === 'rsa') return 'RSA-2048';
  if (asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'P-256';
  return asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'P-384' : undefined;
}

function certificateOf(folder: string, name: string): Certificate {
  const file = fileOf(folder, name, '');
  const read = parseCertificate(readFileSync(file));
  if (!read.ok) throw new Error(`${file} is ${read.failure.sentence}`);
  return read.value;
}

function fileOf(folder: string, name: string, suffix: string): string {
  return join(folder, `${encodeURIComponent(name)}${suffix}.pem`);
}
