import { failedWith, succeeded } from '../../../core/result.ts';
import type { GroupAttestation, IndividualAttestation } from '../../../core/wire/enrollment.ts';
import { problems } from '../../../core/wire/problems.ts';
import { readStorageKey } from '../../../core/tpm/public-area.ts';
import { readBase64 } from './read-base64.ts';
import { readCertificates } from './read-certificates.ts';
import { readKeys } from './read-keys.ts';
import type { AttestationJson } from './shape.ts';
import { unread, type Read } from './read.ts';

/**
 * Reads the attestation of an individual enrollment. `former` is the attestation to replace. Values that the JSON omits
 * come from `former`.
 */
export function readIndividualAttestation(
  json: AttestationJson,
  former: IndividualAttestation | undefined,
): Read<IndividualAttestation> {
  switch (json.type) {
    case 'none':
      return unread('attestation.type: expected tpm, x509 or symmetricKey for an individual enrollment');
    case 'tpm':
      return readTpm(json);
    case 'x509':
      if (json.x509?.signingCertificates ?? json.x509?.caReferences) {
        return unread('attestation.x509: an individual enrollment accepts clientCertificates only');
      }
      return readCertificates(
        json.x509?.clientCertificates,
        former?.type === 'x509' ? former : undefined,
        'attestation.x509.clientCertificates',
      );
    case 'symmetricKey':
      return readKeys(json.symmetricKey, former?.type === 'symmetricKey' ? former : undefined);
  }
}

/** Reads the attestation of a group: signing certificates, names of CA certificates, or keys. */
export function readGroupAttestation(
  json: AttestationJson,
  former: GroupAttestation | undefined,
): Read<GroupAttestation> {
  if (json.type === 'symmetricKey') {
    return readKeys(json.symmetricKey, former?.type === 'symmetricKey' ? former : undefined);
  }
  if (json.type !== 'x509') return unread('attestation.type: expected x509 or symmetricKey for a group');
  const { clientCertificates, signingCertificates, caReferences } = json.x509 ?? {};
  if (clientCertificates) return unread('attestation.x509: a group accepts signingCertificates or caReferences only');
  if (!caReferences) {
    return readCertificates(
      signingCertificates,
      former?.type === 'x509' ? former : undefined,
      'attestation.x509.signingCertificates',
    );
  }
  if (signingCertificates)
    return unread('attestation.x509: expected either signingCertificates or caReferences, found both');
  const { primary, secondary } = caReferences;
  if (!primary) return unread('attestation.x509.caReferences.primary: expected the name of a CA certificate');
  return succeeded({ type: 'caReference', primary, ...(secondary ? { secondary } : {}) });
}

function readTpm({ tpm }: AttestationJson): Read<IndividualAttestation> {
  const endorsementKey = readStorageKeyText(tpm?.endorsementKey);
  if (endorsementKey === undefined) return failedWith(problems.endorsementKeyMismatch);
  if (!tpm?.storageRootKey) return succeeded({ type: 'tpm', endorsementKey });
  const storageRootKey = readStorageKeyText(tpm.storageRootKey);
  return storageRootKey === undefined
    ? unread('attestation.tpm.storageRootKey: expected a TPM2B_PUBLIC in base64')
    : succeeded({ type: 'tpm', endorsementKey, storageRootKey });
}

function readStorageKeyText(text: string | null | undefined): Buffer | undefined {
  const bytes = readBase64(text ?? '');
  return bytes !== undefined && readStorageKey(bytes).ok ? bytes : undefined;
}
