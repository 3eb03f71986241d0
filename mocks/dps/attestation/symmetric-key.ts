import { createHash } from 'node:crypto';
import { defined } from '../../../core/defined.ts';
import type { EnrollmentGroup, IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import { deriveDeviceKey, isSignedWith, parseSas } from '../../../core/wire/sas.ts';
import { refused, type Circumstances, type Claim, type Finding } from '../claim.ts';
import { badToken } from './bad-token.ts';
import { checkSigner, readToken } from './token.ts';

/**
 * Returns the keys with which a registration ID may sign. The keys of a group are not valid themselves; the service
 * derives the keys of the devices from them.
 */
function keysFor(enrollment: IndividualEnrollment | EnrollmentGroup, registrationId: string): readonly Buffer[] {
  const { attestation } = enrollment;
  if (attestation.type !== 'symmetricKey') return [];
  const keys = [attestation.primaryKey, attestation.secondaryKey];
  if (!('enrollmentGroupId' in enrollment)) return keys;
  const [primary = Buffer.alloc(0), secondary = primary] = keys;
  const derived = deriveDeviceKey(primary, registrationId);
  return [derived, secondary.equals(primary) ? derived : deriveDeviceKey(secondary, registrationId)];
}

/**
 * Verifies a symmetric-key attestation: the device signs a token with its key and never sends the key itself. Any other client that
 * knows the key can also sign a valid token.
 *
 * @param keys the result of `keysFor`, if the caller already has it.
 */
export function attestSymmetricKey(
  enrollment: IndividualEnrollment | EnrollmentGroup,
  claim: Claim,
  circumstances: Circumstances,
  keys = keysFor(enrollment, claim.registrationId),
): Finding {
  const { fidelity, registrations, trace } = circumstances;
  const refusal = refused(badToken(claim, fidelity));
  const token = readToken(claim, circumstances);
  if (token === undefined) return refusal;
  const known = registrations.find(claim.registrationId)?.keyDigest;
  // A device stays bound to the key with which it first registered. The bond ends when an operator replaces the keys of
  // the enrollment.
  const former = keys.find((key) => digestOf(key) === known);
  const first = acceptsOtherKey(claim, fidelity) ? undefined : former;
  const expected =
    first !== undefined
      ? 'the key of the first registration of the device'
      : 'enrollmentGroupId' in enrollment
        ? `a key derived from group ${enrollment.enrollmentGroupId} for ${claim.registrationId}`
        : `primary or secondary key of ${enrollment.registrationId}`;
  const allowed = first === undefined ? keys : [first];
  const other = first !== undefined && keys.some((key) => isSignedWith(token, key)) ? otherKeyFound : undefined;
  const words = {
    check: 'token-signature-matches',
    expected,
    ...defined({ found: other }),
  } as const;
  const signer = checkSigner(token, allowed, words, circumstances);
  if (signer === undefined) return refusal;
  const [primaryKey = signer, secondaryKey = signer] = keys;
  return {
    kind: 'proved',
    proof: {
      type: 'symmetricKey',
      enrollment,
      keyDigest: digestOf(former ?? signer),
      authentication: () => ({ type: 'sas', primaryKey, secondaryKey }),
      isSameDevice: (call) => {
        const later = parseSas(call.credentials.token ?? '');
        if (later === undefined) return false;
        const accepted = acceptsOtherKey(call, fidelity) ? keys : [signer];
        return trace.isDisabled('token-signature-matches') || accepted.some((key) => isSignedWith(later, key));
      },
    },
  };
}

/** Finds the group whose derived key signed the token of a claim, and verifies the claim for it. */
export function attestSymmetricKeyGroup(
  claim: Claim,
  groups: readonly EnrollmentGroup[],
  circumstances: Circumstances,
): Finding {
  const { trace } = circumstances;
  const ofKey = groups.filter((group) => group.attestation.type === 'symmetricKey');
  const token = parseSas(claim.credentials.token ?? '');
  // A token does not name its group, so search for the group whose derived key signed the token.
  const keysOf = new Map<EnrollmentGroup, readonly Buffer[]>();
  const signed = ofKey.find((group) => {
    const keys = keysFor(group, claim.registrationId);
    keysOf.set(group, keys);
    return token !== undefined && keys.some((key) => isSignedWith(token, key));
  });
  const group = signed ?? ofKey[0];
  if (group === undefined) {
    trace.check(
      'enrollment-found',
      false,
      `an enrollment for ${claim.registrationId} or a symmetric-key group`,
      'none',
    );
    return refused(badToken(claim, circumstances.fidelity));
  }
  const isOne = signed !== undefined || ofKey.length === 1;
  const found = isOne
    ? `group ${group.enrollmentGroupId}`
    : `${ofKey.length} groups; none of their keys signed the token`;
  trace.check('enrollment-found', true, 'a symmetric-key group', found);
  return attestSymmetricKey(group, claim, circumstances, keysOf.get(group));
}

const otherKeyFound = 'the other key of the enrollment';

/**
 * Returns true if a device may also use the second key of its enrollment: the key that the device did not use for its first registration.
 * The switch `otherSymmetricKey` decides this.
 */
function acceptsOtherKey({ transport }: Pick<Claim, 'transport'>, { otherSymmetricKey }: FidelitySettings): boolean {
  return otherSymmetricKey === 'accept' || (otherSymmetricKey === 'by-transport' && transport !== 'https');
}

function digestOf(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex');
}
