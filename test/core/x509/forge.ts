import { sign } from 'node:crypto';
import { childrenOf, readDer } from '../../../core/x509/der/der.ts';
import { writeBitOctets, writeSequence } from './der-write.ts';
import type { Minted } from '../../../core/x509/mint/mint.ts';

/**
 * Edits the body of a minted P-256 certificate and signs it again with `signer`, for certificates that the mint does not write.
 *
 * @param edit changes the fields of the TBSCertificate: version, serial number, algorithm, issuer, validity, subject,
 * public key, extensions.
 */
export function forge({ der }: Minted, signer: Minted, edit: (fields: Buffer[]) => readonly Buffer[]): Buffer {
  const [body, algorithm] = childrenOf(readDer(der, 'certificate'), 'certificate');
  if (body === undefined || algorithm === undefined) throw new Error('not a certificate');
  const tbs = writeSequence(...edit(childrenOf(body, 'body').map(({ bytes }) => bytes)));
  return writeSequence(tbs, algorithm.bytes, writeBitOctets(sign('sha256', tbs, signer.keys.privateKey)));
}
