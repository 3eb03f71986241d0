import { createPrivateKey, createPublicKey } from 'node:crypto';
import { parseCertificate } from './certificate.ts';
import type { Minted } from './mint/mint.ts';
import type { KeyKind } from './mint/key-pair.ts';
import { derOfPem } from './der/pem.ts';

/** A certificate with its key, as text that can be stored. */
export interface StoredCertificate {
  readonly pem: string;
  /** PKCS #8. */
  readonly privateKeyPem: string;
  readonly kind: KeyKind;
}

export function toStoredCertificate({ pem, privateKeyPem, keys }: Minted): StoredCertificate {
  return { pem, privateKeyPem, kind: keys.kind };
}

/** The way back. @throws Error where the text is not what `toStoredCertificate` gave. */
export function fromStoredCertificate({ pem, privateKeyPem, kind }: StoredCertificate): Minted {
  const der = derOfPem(pem) ?? Buffer.alloc(0);
  const read = parseCertificate(der);
  if (!read.ok) throw new Error(`a certificate that was kept is ${read.problem}`);
  const privateKey = createPrivateKey(privateKeyPem);
  const keys = { kind, privateKey, publicKey: createPublicKey(privateKey) };
  return { certificate: read.certificate, der, pem, privateKeyPem, keys };
}
