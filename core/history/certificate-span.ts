import type { Millis } from '../time/clock.ts';

/** The names and the validity of a certificate. */
export interface CertificateSpan {
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Millis;
  readonly notAfter: Millis;
  /**
   * SHA-256 thumbprint in hexadecimal capitals. The run stores the certificate under this thumbprint. Absent if an earlier version recorded
   * the event.
   */
  readonly thumbprint?: string;
}
