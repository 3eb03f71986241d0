import type { EnrollmentGroup, IndividualEnrollment } from '../../core/wire/enrollment.ts';
import { problems } from '../../core/wire/problems.ts';
import { refused, type Circumstances, type Claim, type Finding } from './claim.ts';
import { badToken } from './attestation/bad-token.ts';
import { attestSymmetricKey, attestSymmetricKeyGroup } from './attestation/symmetric-key.ts';
import { attestTpm, type PendingChallenges } from './attestation/tpm.ts';
import { attestThumbprint, attestX509Group } from './attestation/x509.ts';
import type { Enrollments } from './enrollments.ts';

/**
 * Finds the enrollment for a claim and verifies the claim. An individual enrollment takes precedence over every group,
 * even if the individual enrollment is disabled or requires another attestation type. The function checks
 * `enrollment-enabled` last, so that a client without valid credentials cannot learn whether an enrollment is disabled.
 * The real service does the same.
 */
export function attest(
  claim: Claim,
  enrollments: Enrollments,
  pending: PendingChallenges,
  circumstances: Circumstances,
): Finding {
  const finding = prove(claim, enrollments, pending, circumstances);
  if (finding.kind !== 'proved') return finding;
  const { enrollment } = finding.proof;
  return isEnabled(enrollment, circumstances) ? finding : { kind: 'disabled', enrollment };
}

function isEnabled({ provisioningStatus }: IndividualEnrollment | EnrollmentGroup, { trace }: Circumstances): boolean {
  return trace.check('enrollment-enabled', provisioningStatus === 'enabled', 'enabled', provisioningStatus);
}

function prove(
  claim: Claim,
  enrollments: Enrollments,
  pending: PendingChallenges,
  circumstances: Circumstances,
): Finding {
  const individual = enrollments.find(claim.registrationId);
  if (individual !== undefined) return attestIndividual(individual, claim, pending, circumstances);
  if (claim.credentials.token !== undefined) return attestSymmetricKeyGroup(claim, enrollments.groups(), circumstances);
  if (claim.credentials.certificates.length > 0) return attestX509Group(claim, enrollments.groups(), circumstances);
  const isTpm = claim.body.tpm !== undefined;
  const found = isTpm ? 'none' : 'none, and no token or client certificate for a group';
  circumstances.trace.check('enrollment-found', false, `an enrollment for ${claim.registrationId}`, found);
  return refused(isTpm ? problems.notFound : badToken(claim, circumstances.fidelity));
}

function attestIndividual(
  enrollment: IndividualEnrollment,
  claim: Claim,
  pending: PendingChallenges,
  circumstances: Circumstances,
): Finding {
  const { trace } = circumstances;
  trace.check('enrollment-found', true, claim.registrationId, `individual enrollment ${enrollment.registrationId}`);
  const { type } = enrollment.attestation;
  const presented = attestationTypeOf(claim, type);
  // If the individual enrollment of a device is disabled, the device cannot register through its group either (documentation of
  // deprovisioning).
  if (presented !== type && !isEnabled(enrollment, circumstances)) return { kind: 'disabled', enrollment };
  if (!trace.check('attestation-type-matches', presented === type, type, presented)) {
    return refused(
      type === 'x509'
        ? problems.invalidCertificate
        : type === 'tpm'
          ? problems.endorsementKeyMismatch
          : badToken(claim, circumstances.fidelity),
    );
  }
  switch (type) {
    case 'x509':
      return attestThumbprint(enrollment, claim, circumstances);
    case 'symmetricKey':
      return attestSymmetricKey(enrollment, claim, circumstances);
    case 'tpm':
      return attestTpm(enrollment, claim, pending, circumstances);
  }
}

/**
 * Returns the attestation type of a claim. The second request of TPM attestation has a token, like a request with a
 * symmetric key. Only `wanted`, the type of the enrollment, distinguishes these requests.
 */
function attestationTypeOf({ credentials, body }: Claim, wanted: string): string {
  if (wanted === 'tpm' && (body.tpm !== undefined || credentials.token !== undefined)) return 'tpm';
  if (body.tpm !== undefined) return 'tpm';
  if (credentials.token !== undefined) return 'symmetricKey';
  return credentials.certificates.length > 0 ? 'x509' : 'nothing';
}
