import type { KeyStoreKind } from './key-store.ts';
import { SoftwareKeys } from './software-keys.ts';

/** The file system of a device: whoever reads it has the key. */
export const file: KeyStoreKind = {
  exposure: 'copy',
  signsInside: false,
  holdsFor: ['x509', 'symmetricKey'],
  isPartOfBuild: false,
  open: () => new SoftwareKeys(),
};
