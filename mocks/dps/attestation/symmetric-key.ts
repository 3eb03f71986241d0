import type { EnrollmentGroup, IndividualEnrollment } from '../../../core/enrollment.ts';
import { problems } from '../../../core/problems.ts';
import { deriveDeviceKey, isSignedWith, parseSas } from '../../../core/sas.ts';
import { refused, type Circumstances, type Claim, type Finding } from './attestation.ts';
import { checkSigner, readToken } from './token.ts';

/** The keys that may speak for a registration ID. For a group: those derived from the group's keys. */
function keysFor(enrollment: IndividualEnrollment | EnrollmentGroup, registrationId: string): readonly Buffer[] {
  const { attestation } = enrollment;
  if (attestation.type !== 'symmetricKey') return [];
  const keys = [attestation.primaryKey, attestation.secondaryKey];
  return 'enrollmentGroupId' in enrollment ? keys.map((key) => deriveDeviceKey(key, registrationId)) : keys;
}

/**
 * The device proves that it knows a key, by signing a token with it; the key itself never travels. Whoever else knows the
 * key can do the same.
 */
export function attestSymmetricKey(
  enrollment: IndividualEnrollment | EnrollmentGroup,
  claim: Claim,
  circumstances: Circumstances,
): Finding {
  const token = readToken(claim, circumstances);
  if (token === undefined) return refused(problems.unauthorized);
  const keys = keysFor(enrollment, claim.registrationId);
  const expected =
    'enrollmentGroupId' in enrollment
      ? `a key derived from group ${enrollment.enrollmentGroupId} for ${claim.registrationId}`
      : `primary or secondary key of ${enrollment.registrationId}`;
  const signer = checkSigner(token, keys, { check: 'token-signature-matches', expected }, circumstances);
  if (signer === undefined) return refused(problems.unauthorized);
  const [primaryKey = signer, secondaryKey = signer] = keys;
  return {
    kind: 'proved',
    proof: {
      type: 'symmetricKey',
      enrollment,
      authentication: () => ({ type: 'sas', primaryKey, secondaryKey }),
      isSameDevice: ({ token: later }) => {
        const read = later === undefined ? undefined : parseSas(later);
        if (read === undefined) return false;
        return circumstances.trace.overlooks('token-signature-matches') || keys.some((key) => isSignedWith(read, key));
      },
    },
  };
}
