// The library keeps its own registry of algorithms, which needs the metadata first.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { Pkcs10CertificateRequestGenerator, X509Certificate } from '@peculiar/x509';
import { toPem } from '../../core/x509/pem.ts';
import type { InstalledCertificate } from './device.ts';

/** A key that a device made for itself, and the request for a certificate for it. */
export interface Requested {
  /** Base64 of DER. */
  readonly csr: string;
  readonly keyPem: string;
}

/** Makes a key and signs a request with it, in the device: the key never travels. */
export async function requestCertificate(commonName: string): Promise<Requested> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: algorithm,
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const lines = pkcs8.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    csr: Buffer.from(request.rawData).toString('base64'),
    keyPem: ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n'),
  };
}

/** Its key is in the memory of the device. */
type ReceivedCertificate = InstalledCertificate & { readonly keyPem: string };

/**
 * The certificate that came back, ready for use at the hub; undefined where `chain` is none. It is leaf first; the root at
 * its end is not sent in a handshake.
 */
export function receivedCertificate(chain: unknown, { keyPem }: Requested): ReceivedCertificate | undefined {
  if (!Array.isArray(chain) || chain.length === 0 || !chain.every((each) => typeof each === 'string')) return undefined;
  const ders = chain.map((each) => Buffer.from(each, 'base64'));
  const [leaf] = ders;
  const sent = ders.filter((der, index) => index === 0 || !isRoot(der));
  return leaf === undefined ? undefined : { leaf, chainPem: sent.map(toPem).join(''), keyPem };
}

function isRoot(der: Buffer): boolean {
  const { subject, issuer } = new X509Certificate(der);
  return subject === issuer;
}
