import type { SecretLocation } from '../../secrets/secrets-ledger.ts';

/** Returns the location at the maker of TPMs of the key of a policy that was granted to it. */
export function tpmMakerSecretLocation(policy: string): SecretLocation {
  return { party: 'tpm-maker', place: 'TPM maker', label: `policy ${policy}` };
}
