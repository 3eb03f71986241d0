import type { DecisionTrace } from '../../../core/history/decision.ts';
import type { InitialTwin } from '../../../core/wire/enrollment.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { History } from '../../../core/history/history.ts';
import type { Problem } from '../../../core/wire/problems.ts';
import type { Claim } from '../attestation/attestation.ts';
import type { Proof } from '../attestation/proof.ts';
import type { Stamp } from '../enrollments.ts';
import type { LinkedHub } from '../hubs/linked-hubs.ts';
import type { RegistrationRecord } from '../registrations.ts';

/** The input of an allocation policy: an attested device that needs a hub. */
export interface AllocationRequest {
  readonly claim: Claim;
  readonly proof: Proof;
  readonly stamp: Stamp;
  /** The previous assignment of the device. */
  readonly former: RegistrationRecord | undefined;
  readonly linkedHubs: readonly LinkedHub[];
  /** The linked hubs to choose from. */
  readonly candidates: readonly LinkedHub[];
  readonly fidelity: FidelitySettings;
  readonly history: History;
  /** If a policy records a failed check here, the caller records none. */
  readonly trace: DecisionTrace;
}

/** The chosen hub with the data that the policy returned, or the problem if no hub was chosen. */
export type Allocation =
  | {
      readonly kind: 'hub';
      readonly host: string;
      /** Takes precedence over the initial twin of the enrollment and over a migration. */
      readonly initialTwin?: InitialTwin;
      /** Passed to the device unchanged. */
      readonly payload?: unknown;
    }
  | { readonly kind: 'none'; readonly problem: Problem };

/** Chooses a hub for a registration. */
export type AllocationPolicy = (request: AllocationRequest) => Allocation | Promise<Allocation>;
