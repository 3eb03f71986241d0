import type { KeyStoreKind } from './key-store.ts';
import { missingSoftHsm, SoftHsm } from './soft-hsm.ts';

/** A hardware security module on the board of a device: one SoftHSM token per device, used through PKCS #11. */
export const hsm: KeyStoreKind = {
  exposure: 'use-while-held',
  signsInside: true,
  holdsFor: ['x509', 'symmetricKey'],
  isPartOfBuild: false,
  missingPart: missingSoftHsm,
  open: ({ makeFolder, onBroken }) => new SoftHsm(makeFolder(), onBroken),
};
