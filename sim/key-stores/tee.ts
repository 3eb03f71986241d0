import type { KeyStoreKind } from './key-store.ts';
import { SoftwareKeys } from './software-keys.ts';

/**
 * A trusted execution environment: it signs for whatever runs on the device and gives no key away. There is no real one
 * here; the key is in memory of ours and the thief is kept from it by a rule.
 */
export const tee: KeyStoreKind = {
  exposure: 'use-with-code',
  signsInside: true,
  holdsFor: ['x509', 'symmetricKey'],
  isPartOfBuild: false,
  open: () => new SoftwareKeys(),
};
