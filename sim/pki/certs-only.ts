// @peculiar/x509 requires that reflect-metadata is loaded first.
import 'reflect-metadata';
import { X509Certificate, X509Certificates } from '@peculiar/x509';

/** Encodes certificates as a certs-only PKCS #7 structure (RFC 5652 5.1), which is the response format of EST. */
export function writeCertsOnly(ders: readonly Buffer[]): Buffer {
  return Buffer.from(new X509Certificates(ders.map((der) => new X509Certificate(der))).export('raw'));
}

/** Returns the certificates (DER) of a certs-only structure, in no defined order; undefined if `der` is not a certs-only structure. */
export function readCertsOnly(der: Buffer): readonly Buffer[] | undefined {
  try {
    return [...new X509Certificates(der)].map(({ rawData }) => Buffer.from(rawData));
  } catch {
    return undefined;
  }
}
