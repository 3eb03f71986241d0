import { sign } from 'node:crypto';
import { tags } from '../der/der.ts';
import { writeBitOctets, writeDer, writeInteger } from '../der/write-der.ts';
import type { KeyKind, KeyPair } from './key-pair.ts';

/** The key that signs: a private key in this process, or a remote key, for example in a security module. */
export type Signer = Pick<KeyPair, 'kind' | 'privateKey'> | RemoteSigner;

export interface RemoteSigner {
  readonly kind: KeyKind;
  /**
   * Signs `body` with the hash that belongs to `kind`. For elliptic curves it returns r and s concatenated, as PKCS #11 does.
   */
  readonly sign: (body: Buffer) => Promise<Buffer>;
}

/** Returns the AlgorithmIdentifier of the signatures of a kind of key, in DER (RFC 5758 3.2, RFC 4055 5). */
export function signatureAlgorithm(kind: KeyKind): Buffer {
  return algorithms[kind].identifier;
}

/**
 * Signs the body of a certificate or of a signing request. Returns the DER of the body together with its algorithm and
 * signature. Certificates and signing requests have the same form, SIGNED of X.509 (RFC 5280 4.1.1, RFC 2986 4.2).
 */
export async function signedDer(body: Buffer, signer: Signer): Promise<Buffer> {
  return writeDer(
    tags.sequence,
    body,
    signatureAlgorithm(signer.kind),
    writeBitOctets(await signatureBy(signer, body)),
  );
}

async function signatureBy(signer: Signer, body: Buffer): Promise<Buffer> {
  if (!('sign' in signer)) return sign(algorithms[signer.kind].hash, body, signer.privateKey);
  const signature = await signer.sign(body);
  if (signer.kind === 'RSA-2048') return signature;
  // X.509 has r and s as a SEQUENCE of two integers (RFC 5758 3.2).
  const half = signature.length / 2;
  return writeDer(tags.sequence, writeInteger(signature.subarray(0, half)), writeInteger(signature.subarray(half)));
}

const algorithms = {
  'P-256': { hash: 'SHA-256', identifier: Buffer.from('300a06082a8648ce3d040302', 'hex') },
  'P-384': { hash: 'SHA-384', identifier: Buffer.from('300a06082a8648ce3d040303', 'hex') },
  'RSA-2048': { hash: 'SHA-256', identifier: Buffer.from('300d06092a864886f70d01010b0500', 'hex') },
} as const satisfies Record<KeyKind, object>;
