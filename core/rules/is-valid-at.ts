import type { Millis } from '../time/clock.ts';

/** The validity period of a certificate. Both instants are included (RFC 5280 4.1.2.5). */
export interface Validity {
  readonly notBefore: Millis;
  readonly notAfter: Millis;
}

/** Returns true if a certificate with this validity is valid at `at`. */
export function isValidAt({ notBefore, notAfter }: Validity, at: Millis): boolean {
  return notBefore <= at && at <= notAfter;
}
