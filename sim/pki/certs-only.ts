// @peculiar/x509 needs reflect-metadata to be loaded first.
import 'reflect-metadata';
import { X509Certificate, X509Certificates } from '@peculiar/x509';

/** Encodes certificates as a certs-only PKCS #7 structure (RFC 5652 5.1), which is the response format of EST. */
export function writeCertsOnly(ders: readonly Buffer[]): Buffer {
  return Buffer.from(new X509Certificates(ders.map((der) => new X509Certificate(der))).export('raw'));
}

/** Returns the certificates of a certs-only structure in DER, in no defined order, or undefined if it is no such structure. */
export function readCertsOnly(der: Buffer): readonly Buffer[] | undefined {
  try {
    return [...new X509Certificates(der)].map(({ rawData }) => Buffer.from(rawData));
  } catch {
    return undefined;
  }
}
