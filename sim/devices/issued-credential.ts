import { X509Certificate } from 'node:crypto';
import { makeSigningRequest } from '../../core/x509/mint/make-signing-request.ts';
import { toPem } from '../../core/x509/der/pem.ts';
import type { KeyStore, StoredKeyPair } from '../key-stores/key-store.ts';
import type { InstalledCertificate } from './flash.ts';

/** A key that a device made in its own store, and the request for a certificate for it. */
export interface CertificateRequest {
  /** Base64 of DER. */
  readonly csr: string;
  readonly key: StoredKeyPair;
}

/** Makes a key in the store of a device and signs a request with it there: the key never travels. */
export async function requestCertificate(commonName: string, keys: KeyStore): Promise<CertificateRequest> {
  const key = await keys.makeKeyPair('P-256');
  return { csr: await makeSigningRequest(commonName, key), key };
}

/**
 * The certificate that came back, ready for use at the hub; undefined where `chain` is none. It is leaf first; the root at
 * its end is not sent in a handshake.
 */
export function receivedCertificate(chain: unknown, { key }: CertificateRequest): InstalledCertificate | undefined {
  if (!Array.isArray(chain) || chain.length === 0 || !chain.every((each) => typeof each === 'string')) return undefined;
  const ders = chain.map((each) => Buffer.from(each, 'base64'));
  const [leaf] = ders;
  const sent = ders.filter((der, index) => index === 0 || !isRoot(der));
  return leaf === undefined ? undefined : { leaf, chainPem: sent.map(toPem).join(''), ...key.handshake };
}

function isRoot(der: Buffer): boolean {
  const { subject, issuer } = new X509Certificate(der);
  return subject === issuer;
}
