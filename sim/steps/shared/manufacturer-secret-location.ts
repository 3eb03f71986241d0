import type { SecretLocation } from '../../secrets/secrets-ledger.ts';

/** Where the maker of TPMs keeps the key of a policy that it was given. */
export function manufacturerSecretLocation(policy: string): SecretLocation {
  return { party: 'tpm-maker', place: 'TPM maker', label: `policy ${policy}` };
}
