import type { KeyStoreKind } from './key-store.ts';
import { SoftwareKeys } from './software-keys.ts';

/**
 * A key that is hard-coded in the firmware image. Every device with this image has the same key, so an attacker who opens one device has
 * the key of all.
 */
export const image: KeyStoreKind = {
  exposure: 'copy',
  signsInside: false,
  holdsFor: ['x509', 'symmetricKey'],
  isPartOfBuild: true,
  open: () => new SoftwareKeys(),
};
