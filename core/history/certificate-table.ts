import type { Certificate } from '../x509/certificate.ts';
import type { CertificateSpan } from './certificate-span.ts';

/** A certificate to store: names and validity, and for a parsed certificate also its octets and thumbprint. */
export type KnownCertificate = Omit<CertificateSpan, 'thumbprint'> &
  Partial<Pick<Certificate, 'der' | 'thumbprintSha256'>>;

/**
 * The public certificates that the events of a history refer to. The table stores each certificate only once. A
 * certificate has no secret, so every report may contain the table.
 */
export class CertificateTable {
  readonly #limit: number;
  readonly #octetsOf = new Map<string, Buffer>();
  #size = 0;

  /** @param limit maximum number of octets, for labs that run for weeks. A full table drops the oldest certificates. */
  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  /** Stores certificates, and returns their names and validity with the thumbprints under which they are stored. */
  keep(certificates: readonly KnownCertificate[]): readonly CertificateSpan[] {
    return certificates.map(({ subject, issuer, notBefore, notAfter, der, thumbprintSha256 }) => {
      const span = { subject, issuer, notBefore, notAfter };
      if (der === undefined || thumbprintSha256 === undefined) return span;
      this.#add(thumbprintSha256, der);
      return { ...span, thumbprint: thumbprintSha256 };
    });
  }

  /** Returns the DER of a certificate; undefined if the table does not have it. @param thumbprint SHA-256 in hexadecimal capitals. */
  find(thumbprint: string): Buffer | undefined {
    return this.#octetsOf.get(thumbprint);
  }

  #add(thumbprint: string, der: Buffer): void {
    if (this.#octetsOf.has(thumbprint)) return;
    this.#octetsOf.set(thumbprint, der);
    this.#size += der.length;
    for (const [oldest, { length }] of this.#octetsOf) {
      if (this.#size <= this.#limit) break;
      this.#octetsOf.delete(oldest);
      this.#size -= length;
    }
  }
}
