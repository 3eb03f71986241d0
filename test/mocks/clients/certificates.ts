import { mintCertificate, type Minted, type MintOrder } from '../../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../../core/x509/mint/key-pair.ts';
import { noon } from './open-cloud.ts';
import type { ClientCertificate } from './raw-https.ts';

export const yearMs = 365 * 24 * 3600 * 1000;

/** Mints a certificate that is valid for a year around noon. `commonName` may be undefined; the other fields can be changed. */
export async function mint(
  commonName: string | undefined,
  changed: Partial<MintOrder> & { by?: Minted } = {},
): Promise<Minted> {
  const { by, ...order } = changed;
  return mintCertificate({
    subject: commonName === undefined ? {} : { commonName },
    keys: await generateKeyPair('P-256'),
    notBefore: noon - yearMs,
    notAfter: noon + yearMs,
    ...(by === undefined ? {} : { issuer: { certificate: by.certificate, keys: by.keys } }),
    ...order,
  });
}

/** Returns the certificates that a client sends in the TLS handshake: its leaf and its chain, in order. */
export function shows(leaf: Minted, ...rest: readonly Minted[]): ClientCertificate {
  return { cert: [leaf, ...rest].map(({ pem }) => pem).join(''), key: leaf.privateKeyPem };
}
