// @peculiar/x509 needs this import before its own.
import 'reflect-metadata';
import type { KeyObject } from 'node:crypto';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { signingTools, type RemoteSigner } from './signer.ts';

/** Creates a certificate signing request (RFC 2986) for a private key outside this process. @returns base64 of DER. */
export async function makeSigningRequest(
  commonName: string,
  key: RemoteSigner & { readonly publicKey: KeyObject },
): Promise<string> {
  const { signingAlgorithm, signingKey, subtle } = signingTools(key, key.publicKey);
  const request = await Pkcs10CertificateRequestGenerator.create(
    {
      name: [{ CN: [commonName] }],
      // The library requires this member but reads the public key from `subtle`.
      keys: { privateKey: signingKey, publicKey: signingKey },
      signingAlgorithm,
    },
    { subtle },
  );
  return Buffer.from(request.rawData).toString('base64');
}
