// @peculiar/x509 needs this import before its own.
import 'reflect-metadata';
import type { KeyObject } from 'node:crypto';
import { Name } from '@peculiar/x509';
import { contextTag, tags } from '../der/der.ts';
import { writeDer, writeInteger } from '../der/write-der.ts';
import { signedDer, type RemoteSigner } from './signer.ts';

/** Creates a certificate signing request (RFC 2986) for a private key outside this process. @returns base64 of DER. */
export async function makeSigningRequest(
  commonName: string,
  key: RemoteSigner & { readonly publicKey: KeyObject },
): Promise<string> {
  const body = writeDer(
    tags.sequence,
    writeInteger(Buffer.from([0])),
    Buffer.from(new Name([{ CN: [commonName] }]).toArrayBuffer()),
    key.publicKey.export({ format: 'der', type: 'spki' }),
    // The list of attributes, which is empty (RFC 2986 4.1).
    writeDer(contextTag(0, 'constructed')),
  );
  return (await signedDer(body, key)).toString('base64');
}
