/**
 * Whether `text` may be a registration ID: up to 128 letters, digits and `- . _ :`, the last one a letter, a digit or a
 * dash. Case does not matter to the service.
 */
export function isRegistrationId(text: string): boolean {
  return /^[A-Za-z0-9\-._:]{0,127}[A-Za-z0-9-]$/.test(text);
}

/** Characters that the common name of a certificate may have (RFC 5280 appendix A, ub-common-name). */
export const commonNameLimit = 64;

/** Registration IDs as keys of a table: the service tells them apart without case. */
export function registrationKey(registrationId: string): string {
  return registrationId.toLowerCase();
}
