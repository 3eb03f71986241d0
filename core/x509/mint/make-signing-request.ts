// The library keeps its own registry of algorithms, which needs the metadata first.
import 'reflect-metadata';
import type { KeyObject } from 'node:crypto';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { signingTools, type RemoteSigner } from './signer.ts';

/**
 * A certificate signing request (RFC 2986) for a key that stays where it is and signs there.
 *
 * @returns base64 of DER.
 */
export async function makeSigningRequest(
  commonName: string,
  key: RemoteSigner & { readonly publicKey: KeyObject },
): Promise<string> {
  const { signingAlgorithm, signingKey, subtle } = signingTools(key, key.publicKey);
  const request = await Pkcs10CertificateRequestGenerator.create(
    {
      name: [{ CN: [commonName] }],
      // The library asks `subtle` for the public half, whatever stands in its place.
      keys: { privateKey: signingKey, publicKey: signingKey },
      signingAlgorithm,
    },
    { subtle },
  );
  return Buffer.from(request.rawData).toString('base64');
}
