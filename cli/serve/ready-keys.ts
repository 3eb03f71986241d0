import type { Cloud } from '../../core/cloud/cloud.ts';
import { deriveDeviceKey } from '../../core/wire/sas.ts';
import type { Lab } from '../../sim/lab/load.ts';

/** The two symmetric keys of an enrollment, in base64. */
interface KeyPair {
  readonly primaryKey: string;
  readonly secondaryKey: string;
}

/** The symmetric keys that a script needs for its first device. */
export interface ReadyKeys {
  /** Keys of the groups in the lab file, by ID. */
  readonly groups: Readonly<Record<string, KeyPair>>;
  /** Keys of the individual enrollments in the lab file, by registration ID. */
  readonly enrollments: Readonly<Record<string, KeyPair>>;
  /**
   * A device that can register at once: the first individual enrollment with a symmetric key, or `first-device` with a key derived from
   * the first group. Null if the lab has neither.
   */
  readonly firstDevice: {
    readonly registrationId: string;
    /** Symmetric key in base64. For a device of a group it is the key that was derived from the group key. */
    readonly key: string;
    /** ID of its group; null for an individual enrollment. */
    readonly enrollmentGroup: string | null;
  } | null;
}

/**
 * Returns the symmetric keys of the enrollments in the lab file. `GET /secrets` also returns the keys of enrollments that the service API
 * created.
 */
export function readyKeys(lab: Lab, { operator }: Cloud): ReadyKeys {
  const groups = Object.keys(lab.cloud.enrollmentGroups).flatMap((id) => {
    const attestation = operator.enrollmentGroup(id)?.attestation;
    return attestation?.type === 'symmetricKey' ? [{ id, attestation }] : [];
  });
  const enrollments = Object.keys(lab.enrollments).flatMap((id) => {
    const attestation = operator.enrollment(id)?.attestation;
    return attestation?.type === 'symmetricKey' ? [{ id, attestation }] : [];
  });
  const [enrollment] = enrollments;
  const [group] = groups;
  return {
    groups: Object.fromEntries(groups.map(({ id, attestation }) => [id, inBase64(attestation)])),
    enrollments: Object.fromEntries(enrollments.map(({ id, attestation }) => [id, inBase64(attestation)])),
    firstDevice:
      enrollment !== undefined
        ? {
            registrationId: enrollment.id,
            key: enrollment.attestation.primaryKey.toString('base64'),
            enrollmentGroup: null,
          }
        : group !== undefined
          ? { registrationId: firstName, key: derived(group.attestation.primaryKey), enrollmentGroup: group.id }
          : null,
  };
}

const firstName = 'first-device';

function derived(groupKey: Buffer): string {
  return deriveDeviceKey(groupKey, firstName).toString('base64');
}

function inBase64(keys: { readonly primaryKey: Buffer; readonly secondaryKey: Buffer }): KeyPair {
  return { primaryKey: keys.primaryKey.toString('base64'), secondaryKey: keys.secondaryKey.toString('base64') };
}
