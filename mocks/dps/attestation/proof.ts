import type { EnrollmentGroup, IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import type { IdentityAuthentication } from '../../shared/identity-authentication.ts';
import type { DeviceCall } from '../device-call.ts';

/** The proof of a valid claim. */
export interface Proof {
  readonly type: 'x509' | 'tpm' | 'symmetricKey';
  readonly enrollment: IndividualEnrollment | EnrollmentGroup;
  /** Returns the authentication of the device for the hub to store; `current` is the authentication that the hub has now. */
  authentication(current: IdentityAuthentication | undefined): IdentityAuthentication;
  /** For a TPM: the hub key, wrapped so that only this TPM can read it. */
  wrap?(authentication: IdentityAuthentication): Buffer;
  /** For a symmetric key: SHA-256 in hex of the key that the device used for its first registration. */
  readonly keyDigest?: string;
  /** Returns true if a later poll comes from the same device. */
  isSameDevice(call: DeviceCall): boolean;
}
