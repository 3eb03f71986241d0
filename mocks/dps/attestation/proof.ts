import type { EnrollmentGroup, IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import type { IdentityAuthentication } from '../../shared/identity-authentication.ts';
import type { DeviceCall } from '../device-call.ts';

/** The result of a valid attestation: the enrollment, and the values that DPS needs to register the device at a hub. */
export interface Proof {
  readonly type: 'x509' | 'tpm' | 'symmetricKey';
  readonly enrollment: IndividualEnrollment | EnrollmentGroup;
  /**
   * Returns the authentication with which the hub must accept the device.
   *
   * @param current the authentication that the hub stores now.
   */
  authentication(current: IdentityAuthentication | undefined): IdentityAuthentication;
  /**
   * Returns the hub key, wrapped so that only the TPM of the device can unwrap it. Absent if the attestation type is
   * not TPM.
   */
  wrap?(authentication: IdentityAuthentication): Buffer;
  /**
   * SHA-256 (hex) of the key that the device used for its first registration. Absent if the attestation type is not symmetric
   * key.
   */
  readonly keyDigest?: string;
  /** Returns true if a later poll comes from the device that registered. */
  isSameDevice(call: DeviceCall): boolean;
}
