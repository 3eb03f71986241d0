/**
 * Returns true for a valid registration ID: up to 128 letters, digits and `- . _ :`, with a letter, digit or dash at the end. The
 * service ignores case.
 */
export function isRegistrationId(text: string): boolean {
  return /^[A-Za-z0-9\-._:]{0,127}[A-Za-z0-9-]$/.test(text);
}

/** Maximum number of characters of a common name (RFC 5280 appendix A, ub-common-name). */
export const commonNameLimit = 64;

/** Returns the form of a registration ID that maps use as key. The service ignores case when it compares IDs. */
export function registrationKey(registrationId: string): string {
  return registrationId.toLowerCase();
}
