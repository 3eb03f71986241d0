import { parseCertificate } from '../../core/x509/certificate.ts';
import { makeSigningRequest } from '../../core/x509/mint/make-signing-request.ts';
import { toPem } from '../../core/x509/der/pem.ts';
import type { KeyStore, StoredKeyPair } from '../key-stores/key-store.ts';
import type { InstalledCertificate } from './flash.ts';

/** A key in the key store of a device, and the certificate signing request for it. */
export interface CertificateRequest {
  /** Base64 of DER. */
  readonly csr: string;
  readonly key: StoredKeyPair;
}

/** Makes a key in the key store of a device and signs a request with it there, so that the key never leaves the store. */
export async function requestCertificate(commonName: string, keys: KeyStore): Promise<CertificateRequest> {
  const key = await keys.makeKeyPair('P-256');
  return { csr: await makeSigningRequest(commonName, key), key };
}

/**
 * Returns the issued certificate with its key, or undefined if `chain` cannot be read.
 * @param chain base64 of DER, leaf first. The function removes a root at the end, because a device does not send a root in a handshake.
 */
export function receivedCertificate(chain: unknown, { key }: CertificateRequest): InstalledCertificate | undefined {
  if (!Array.isArray(chain) || chain.length === 0 || !chain.every((each) => typeof each === 'string')) return undefined;
  const ders = chain.map((each) => Buffer.from(each, 'base64'));
  const [leaf] = ders;
  const sent = ders.filter((der, index) => index === 0 || !isRoot(der));
  return leaf === undefined ? undefined : { leaf, chainPem: sent.map(toPem).join(''), ...key.handshake };
}

function isRoot(der: Buffer): boolean {
  const read = parseCertificate(der);
  return read.ok && read.value.selfIssued;
}
