import type { DecisionTrace } from '../../../core/history/decision.ts';
import type { InitialTwin } from '../../../core/wire/enrollment.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { History } from '../../../core/history/history.ts';
import type { Problem } from '../../../core/wire/problems.ts';
import type { Claim, Proof } from '../attestation/attestation.ts';
import type { Stamp } from '../enrollments.ts';
import type { LinkedHub } from '../hubs/linked-hubs.ts';
import type { RegistrationRecord } from '../registrations.ts';

/** A device that has proved itself and needs a hub, with all that a policy may go by. */
export interface AllocationRequest {
  readonly claim: Claim;
  readonly proof: Proof;
  readonly stamp: Stamp;
  /** Where the device was assigned to before. */
  readonly former: RegistrationRecord | undefined;
  readonly linkedHubs: readonly LinkedHub[];
  /** The linked hubs to choose from. */
  readonly candidates: readonly LinkedHub[];
  readonly fidelity: FidelitySettings;
  readonly history: History;
  /** A policy that notes a failed check here leaves none of its own for the caller to note. */
  readonly trace: DecisionTrace;
}

/** A hub by its host name, and what came with it; or why there is none. */
export type Allocation =
  | {
      readonly kind: 'hub';
      readonly host: string;
      /** Comes before the twin of the enrollment and before a migration. */
      readonly initialTwin?: InitialTwin;
      /** For the device, as it is. */
      readonly payload?: unknown;
    }
  | { readonly kind: 'none'; readonly problem: Problem };

/** Chooses a hub for a registration. */
export type AllocationPolicy = (request: AllocationRequest) => Allocation | Promise<Allocation>;
