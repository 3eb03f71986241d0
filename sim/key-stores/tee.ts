import type { KeyStoreKind } from './key-store.ts';
import { SoftwareKeys } from './software-keys.ts';

/**
 * A trusted execution environment: it signs for all code on the device and never reveals the key. It is only modelled: the key is
 * in the memory of this process, and a rule of the simulation keeps a thief away from it.
 */
export const tee: KeyStoreKind = {
  exposure: 'use-with-code',
  signsInside: true,
  holdsFor: ['x509', 'symmetricKey'],
  isPartOfBuild: false,
  open: () => new SoftwareKeys(),
};
