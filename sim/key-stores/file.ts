import type { KeyStoreKind } from './key-store.ts';
import { SoftwareKeys } from './software-keys.ts';

/** A file in the file system of a device. An attacker who reads the file has the key. */
export const file: KeyStoreKind = {
  exposure: 'copy',
  signsInside: false,
  holdsFor: ['x509', 'symmetricKey'],
  isPartOfBuild: false,
  open: () => new SoftwareKeys(),
};
