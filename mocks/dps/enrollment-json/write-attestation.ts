import { defined } from '../../../core/defined.ts';
import type { GroupAttestation, IndividualAttestation } from '../../../core/wire/enrollment.ts';
import { certificatePair } from '../certificate-pair.ts';

/**
 * Returns the JSON of an attestation. It contains the `info` of certificates, and always the endorsement key, which is public.
 *
 * @param keys decides whether symmetric keys appear with their values, as an empty object, or not at all.
 */
export function writeAttestation(
  attestation: IndividualAttestation | GroupAttestation,
  keys: 'values' | 'empty' | 'none',
  certificatesWord: 'clientCertificates' | 'signingCertificates',
): object {
  switch (attestation.type) {
    case 'symmetricKey': {
      const { primaryKey, secondaryKey } = attestation;
      if (keys === 'none') return { type: 'symmetricKey' };
      if (keys === 'empty') return { type: 'symmetricKey', symmetricKey: {} };
      return {
        type: 'symmetricKey',
        symmetricKey: { primaryKey: primaryKey.toString('base64'), secondaryKey: secondaryKey.toString('base64') },
      };
    }
    case 'tpm': {
      const { endorsementKey, storageRootKey } = attestation;
      return {
        type: 'tpm',
        tpm: {
          endorsementKey: endorsementKey.toString('base64'),
          ...defined({ storageRootKey: storageRootKey?.toString('base64') }),
        },
      };
    }
    case 'x509': {
      const { primary, secondary } = attestation;
      return { type: 'x509', x509: { [certificatesWord]: certificatePair(primary, secondary) } };
    }
    case 'caReference': {
      const { primary, secondary } = attestation;
      const caReferences = { primary, ...defined({ secondary }) };
      return { type: 'x509', x509: { caReferences } };
    }
  }
}
