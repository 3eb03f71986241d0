import type { SecretLocation } from '../../secrets/secrets-ledger.ts';

/** Returns where the TPM maker stores the key of the policy that it was granted. */
export function tpmMakerSecretLocation(policy: string): SecretLocation {
  return { party: 'tpm-maker', place: 'TPM maker', label: `policy ${policy}` };
}
