import type { Clock } from '../../../core/time/clock.ts';
import type { DecisionTrace } from '../../../core/history/decision.ts';
import type { RegisterBody } from '../../../core/wire/dps-wire.ts';
import type { EnrollmentGroup, IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { Problem } from '../../../core/wire/problems.ts';
import type { Random } from '../../../core/random.ts';
import type { IdentityAuthentication } from '../../hub/registry/identities.ts';
import type { CaCertificates } from '../ca-certificates.ts';
import type { DeviceCall } from '../device-call.ts';
import type { Registrations } from '../registrations.ts';

/** What a device claims, and what it is claimed with. */
export interface Claim extends DeviceCall {
  readonly body: RegisterBody;
}

/** What an attestation may look at beside the claim. */
export interface Circumstances {
  readonly clock: Clock;
  readonly random: Random;
  readonly fidelity: FidelitySettings;
  readonly trace: DecisionTrace;
  readonly caCertificates: CaCertificates;
  readonly registrations: Registrations;
}

/** What the service found out about a claim. */
export type Finding =
  | { readonly kind: 'proved'; readonly proof: Proof }
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** The claim holds, or is made in another way than the enrollment asks for, and the enrollment is disabled. */
  | { readonly kind: 'disabled'; readonly enrollment: IndividualEnrollment | EnrollmentGroup }
  /** The claim needs one more round: the device must sign with the key inside. */
  | { readonly kind: 'challenge'; readonly authenticationKey: Buffer };

/** A claim that holds. */
export interface Proof {
  readonly type: 'x509' | 'tpm' | 'symmetricKey';
  readonly enrollment: IndividualEnrollment | EnrollmentGroup;
  /** What the hub will recognise the device by; `current` is what it does so far. */
  authentication(current: IdentityAuthentication | undefined): IdentityAuthentication;
  /** For a TPM: the hub key, wrapped so that only this TPM can read it. */
  wrap?(authentication: IdentityAuthentication): Buffer;
  /** For a symmetric key: SHA-256 in hex of the key that the device registers with, or registered with first. */
  readonly keyDigest?: string;
  /** Whether a later poll comes from the same device. */
  isSameDevice(call: DeviceCall): boolean;
}

/** A refusal, after a failed check. */
export function refused(problem: Problem): Finding {
  return { kind: 'refused', problem };
}
