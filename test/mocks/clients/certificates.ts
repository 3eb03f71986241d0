import { mintCertificate, type Minted, type MintOrder } from '../../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../../core/x509/mint/key-pair.ts';
import { noon } from './open-cloud.ts';
import type { ClientCertificate } from './raw-https.ts';

export const yearMs = 365 * 24 * 3600 * 1000;

/** A certificate that is good for a year around noon; `commonName` may be left out, the rest may be changed. */
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

/** The certificates that a client sends in the handshake: its own and its chain, in order. */
export function shows(leaf: Minted, ...rest: readonly Minted[]): ClientCertificate {
  return { cert: [leaf, ...rest].map(({ pem }) => pem).join(''), key: leaf.privateKeyPem };
}
