import type { KeyObject } from 'node:crypto';
import { contextTag, tags } from '../der/der.ts';
import { attributeOids } from '../der/oids.ts';
import { writeDer, writeInteger, writeOid } from '../der/write-der.ts';
import { publicKeyInfoOf } from '../public-key-info.ts';
import { signedDer, type RemoteSigner } from './signer.ts';

/** Creates a certificate signing request (RFC 2986) for a private key outside this process. @returns base64 of DER. */
export async function makeSigningRequest(
  commonName: string,
  key: RemoteSigner & { readonly publicKey: KeyObject },
): Promise<string> {
  const body = writeDer(
    tags.sequence,
    writeInteger(Buffer.from([0])),
    nameOf(commonName),
    publicKeyInfoOf(key.publicKey),
    // The list of attributes, which is empty (RFC 2986 4.1).
    writeDer(contextTag(0, 'constructed')),
  );
  return (await signedDer(body, key)).toString('base64');
}

/** Returns a name with one common name, which is a PrintableString if its characters allow this type (X.680 41.4). */
function nameOf(commonName: string): Buffer {
  const tag = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(commonName) ? tags.printableString : tags.utf8String;
  const value = writeDer(tag, Buffer.from(commonName));
  return writeDer(tags.sequence, writeDer(tags.set, writeDer(tags.sequence, commonNameOid, value)));
}

const commonNameOid = writeOid(attributeOids['CN'] ?? '');
