import { createPrivateKey, createPublicKey } from 'node:crypto';
import { parseCertificate } from './certificate.ts';
import type { Minted } from './mint/mint.ts';
import type { KeyKind } from './mint/key-pair.ts';
import { derOfPem } from './der/pem.ts';

/** A certificate and its private key as text, in the form in which they are stored. */
export interface StoredCertificate {
  readonly pem: string;
  /** PKCS #8. */
  readonly privateKeyPem: string;
  readonly kind: KeyKind;
}

export function toStoredCertificate({ pem, privateKeyPem, keys }: Minted): StoredCertificate {
  return { pem, privateKeyPem, kind: keys.kind };
}

/** Reverses `toStoredCertificate`. @throws Error if the text is not a certificate and its key. */
export function fromStoredCertificate({ pem, privateKeyPem, kind }: StoredCertificate): Minted {
  const der = derOfPem(pem) ?? Buffer.alloc(0);
  const read = parseCertificate(der);
  if (!read.ok) throw new Error(`the stored certificate cannot be read: ${read.failure.sentence}`);
  const privateKey = createPrivateKey(privateKeyPem);
  const keys = { kind, privateKey, publicKey: createPublicKey(privateKey) };
  return { certificate: read.value, der, pem, privateKeyPem, keys };
}
