import type { SecretLocation } from '../../secrets/secrets-ledger.ts';

/** Returns the location in which the TPM maker stores the key of its access policy. */
export function tpmMakerSecretLocation(policy: string): SecretLocation {
  return { party: 'tpm-maker', place: 'TPM maker', label: `policy ${policy}` };
}
