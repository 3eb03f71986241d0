// The library keeps its own registry of algorithms, which needs the metadata first.
import 'reflect-metadata';
import { X509Certificate, X509Certificates } from '@peculiar/x509';

/** A degenerate PKCS #7 that holds certificates and nothing else (RFC 5652 5.1), as EST answers with. */
export function writeCertsOnly(ders: readonly Buffer[]): Buffer {
  return Buffer.from(new X509Certificates(ders.map((der) => new X509Certificate(der))).export('raw'));
}

/** The certificates inside, DER, in no order that means anything; undefined where it is no such structure. */
export function readCertsOnly(der: Buffer): readonly Buffer[] | undefined {
  try {
    return [...new X509Certificates(der)].map(({ rawData }) => Buffer.from(rawData));
  } catch {
    return undefined;
  }
}
