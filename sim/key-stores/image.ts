import type { KeyStoreKind } from './key-store.ts';
import { SoftwareKeys } from './software-keys.ts';

/** Hard-coded in the firmware image: every device of the build has the key, and so does a thief of one of them. */
export const image: KeyStoreKind = {
  exposure: 'copy',
  signsInside: false,
  holdsFor: ['x509', 'symmetricKey'],
  isPartOfBuild: true,
  open: () => new SoftwareKeys(),
};
