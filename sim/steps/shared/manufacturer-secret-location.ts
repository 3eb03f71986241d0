import type { Drawer } from '../../secrets/secrets-ledger.ts';

/** Where the maker of TPMs keeps the key of a policy that it was given. */
export function makersDrawer(policy: string): Drawer {
  return { party: 'tpm-maker', place: 'TPM maker', label: `policy ${policy}` };
}
