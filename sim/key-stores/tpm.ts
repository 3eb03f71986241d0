import { opensslPart } from './openssl-part.ts';
import type { KeyStoreKind } from './key-store.ts';
import { TpmKeys } from './tpm-keys.ts';

/**
 * The TPM of a device. TPM attestation uses the keys that every TPM has. For X.509, the TPM makes a key; for a symmetric key, it imports
 * the key.
 */
export const tpm: KeyStoreKind = {
  exposure: 'use-while-held',
  signsInside: true,
  holdsFor: ['tpm', 'x509', 'symmetricKey'],
  isPartOfBuild: false,
  missingPart: () =>
    opensslPart('provider', 'tpm2.so') === undefined
      ? { part: 'the TPM 2.0 provider of OpenSSL', remedy: 'apt-get install openssl tpm2-openssl' }
      : undefined,
  open: ({ chip, makeFolder, onBroken }) => {
    if (chip === undefined) throw new Error('a key store in a TPM was opened without a TPM');
    return new TpmKeys(chip, makeFolder(), onBroken);
  },
};
