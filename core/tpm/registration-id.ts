import { createHash } from 'node:crypto';

/**
 * Returns the registration ID that SDKs derive from a TPM. It is the SHA-256 of the endorsement key (TPM2B_PUBLIC) in
 * lower-case base32 without padding (RFC 4648 6): 52 characters.
 */
export function registrationIdOfEndorsementKey(endorsementKey: Uint8Array): string {
  let bits = '';
  for (const byte of createHash('sha256').update(endorsementKey).digest()) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
