import { sign } from 'node:crypto';
import { generateKeyPair } from '../../core/x509/mint/key-pair.ts';
import { makeSigningRequest } from '../../core/x509/mint/make-signing-request.ts';
import type { PendingCa } from './ca-record.ts';

/** Creates a P-384 key for an external CA and a signing request for it. The private key stays in the registry. */
export async function requestExternalCa(commonName: string): Promise<PendingCa> {
  const { kind, publicKey, privateKey } = await generateKeyPair('P-384');
  const csr = await makeSigningRequest(commonName, {
    kind,
    publicKey,
    sign: async (body) => sign('sha384', body, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  });
  return { csr, privateKeyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}

/** Formats a signing request as PEM text (RFC 7468). */
export function requestPem({ csr }: PendingCa): string {
  const lines = csr.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE REQUEST-----', ...lines, '-----END CERTIFICATE REQUEST-----', ''].join('\n');
}
