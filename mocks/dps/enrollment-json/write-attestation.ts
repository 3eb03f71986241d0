import { defined } from '../../../core/defined.ts';
import type { GroupAttestation, IndividualAttestation } from '../../../core/wire/enrollment.ts';
import { certificateInfo } from '../certificate-info.ts';

/**
 * The JSON of an attestation. Certificates are told by their `info`; an endorsement key is public and always shown.
 *
 * @param keys symmetric keys are shown, stand there as an empty object, or are not spoken of.
 */
export function writeAttestation(
  attestation: IndividualAttestation | GroupAttestation,
  keys: 'shown' | 'empty' | 'none',
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
          ...(storageRootKey === undefined ? {} : { storageRootKey: storageRootKey.toString('base64') }),
        },
      };
    }
    case 'x509': {
      const { primary, secondary } = attestation;
      const certificates = {
        primary: { info: certificateInfo(primary) },
        ...(secondary === undefined ? {} : { secondary: { info: certificateInfo(secondary) } }),
      };
      return { type: 'x509', x509: { [certificatesWord]: certificates } };
    }
    case 'caReference': {
      const { primary, secondary } = attestation;
      const caReferences = { primary, ...defined({ secondary }) };
      return { type: 'x509', x509: { caReferences } };
    }
  }
}
