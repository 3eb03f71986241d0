import type { DecisionTrace } from '../../../core/history/decision.ts';
import type { InitialTwin } from '../../../core/wire/enrollment.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { History } from '../../../core/history/history.ts';
import type { Problem } from '../../../core/wire/problems.ts';
import type { Claim } from '../claim.ts';
import type { Proof } from '../attestation/proof.ts';
import type { Stamp } from '../enrollments.ts';
import type { LinkedHub } from '../hubs/linked-hubs.ts';
import type { RegistrationRecord } from '../registrations.ts';

/** The input of an allocation policy: an attested device that needs a hub. */
export interface AllocationRequest {
  readonly claim: Claim;
  readonly proof: Proof;
  readonly stamp: Stamp;
  /** The previous assignment of the device; undefined if the device has none. */
  readonly former: RegistrationRecord | undefined;
  readonly linkedHubs: readonly LinkedHub[];
  /** The linked hubs from which the policy chooses. */
  readonly candidates: readonly LinkedHub[];
  readonly fidelity: FidelitySettings;
  readonly history: History;
  /**
   * Trace of the decision. If a policy records a failed check here, the caller does not record a second failed check.
   */
  readonly trace: DecisionTrace;
}

/** The chosen hub with the data that the policy returned, or the problem if the policy chose no hub. */
export type Allocation =
  | {
      readonly kind: 'hub';
      readonly host: string;
      /** Initial twin for the device. It takes precedence over the initial twin of the enrollment and over a migrated twin. */
      readonly initialTwin?: InitialTwin;
      /** Data for the device. DPS sends it to the device unchanged. */
      readonly payload?: unknown;
    }
  | { readonly kind: 'none'; readonly problem: Problem };

/** Chooses a hub for a registration. */
export type AllocationPolicy = (request: AllocationRequest) => Allocation | Promise<Allocation>;
