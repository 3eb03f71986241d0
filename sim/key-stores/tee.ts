import type { KeyStoreKind } from './key-store.ts';
import { SoftwareKeys } from './software-keys.ts';

/**
 * A trusted execution environment: it signs for all code on the device and never reveals the key. This is a model: the key is in the memory
 * of this process, and the simulation never gives an attacker a copy.
 */
export const tee: KeyStoreKind = {
  exposure: 'use-with-code',
  signsInside: true,
  holdsFor: ['x509', 'symmetricKey'],
  isPartOfBuild: false,
  open: () => new SoftwareKeys(),
};
