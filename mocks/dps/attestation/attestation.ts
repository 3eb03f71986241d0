import type { Clock } from '../../../core/time/clock.ts';
import type { DecisionTrace } from '../../../core/history/decision.ts';
import type { RegisterBody } from '../../../core/wire/dps-wire.ts';
import type { EnrollmentGroup, IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { Problem } from '../../../core/wire/problems.ts';
import type { Random } from '../../../core/random.ts';
import type { CaCertificates } from '../ca-certificates.ts';
import type { DeviceCall } from '../device-call.ts';
import type { Registrations } from '../registrations.ts';
import type { Proof } from './proof.ts';

/** A registration request: the claimed identity and the credentials for it. */
export interface Claim extends DeviceCall {
  readonly body: RegisterBody;
}

/** The services and settings that an attestation uses in addition to the claim. */
export interface Circumstances {
  readonly clock: Clock;
  readonly random: Random;
  readonly fidelity: FidelitySettings;
  readonly trace: DecisionTrace;
  readonly caCertificates: CaCertificates;
  readonly registrations: Registrations;
}

/** The result of an attestation. */
export type Finding =
  | { readonly kind: 'proved'; readonly proof: Proof }
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** The enrollment is disabled, and the claim is valid or uses another attestation type. */
  | { readonly kind: 'disabled'; readonly enrollment: IndividualEnrollment | EnrollmentGroup }
  /** The device must send a second request, signed with the key in the challenge. */
  | { readonly kind: 'challenge'; readonly authenticationKey: Buffer };

/** Returns a refusal. The caller has already recorded the failed check. */
export function refused(problem: Problem): Finding {
  return { kind: 'refused', problem };
}
