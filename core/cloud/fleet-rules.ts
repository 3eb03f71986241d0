import type { CheckId, Judge } from '../checks.ts';
import type { Transport } from '../history/events.ts';
import type { Result } from '../result.ts';
import type { Quota, QuotaSize } from '../rules/quota.ts';
import type { Millis } from '../time/clock.ts';

/**
 * The decisions of a cloud as functions, for fleets whose devices are numbers. They are the decisions that the services make for
 * clients, without a record, a quota or a change of state, so that a fleet and its sampled devices meet the same rules.
 */
export interface FleetRules {
  readonly terms: FleetTerms;
  /** Returns a copy of the quota of registrations with all requests so far. */
  registrationQuota(): Quota;
  /** Returns the result of a registration of this device now. @param host the hub to allocate. Default: the hub that the policy chooses. */
  foresee(call: FleetCall, host?: string): Promise<RegistrationForecast>;
  /** Returns the result of a connection of a device to a hub now. */
  foreseeVisit(host: string, deviceId: string, token: string | undefined): VisitForecast;
  /** Registers a device at `host`, where the simulation has registered it. */
  bring(call: FleetCall, host: string): Result<unknown>;
  /** Adds registrations of simulated devices to the quota. First counts the former registrations that no request has counted yet. */
  countOthers(others: OtherRegistrations | undefined): void;
}

/** The settings of a service that decide how long a registration lasts. */
export interface FleetTerms {
  readonly retryAfterSeconds: number;
  readonly assignmentMs: Millis;
  readonly pollQuota: QuotaSize;
  /** True if an answer with status 429 contains Retry-After. */
  readonly tellsRetryAfter: boolean;
  /** Checks that a mutation test has disabled. */
  readonly isDisabled: (check: CheckId) => boolean;
}

/** The registration request of a device with a symmetric key. */
export interface FleetCall {
  readonly registrationId: string;
  readonly transport: Transport;
  readonly token: string | undefined;
}

/** The failed check of a refusal, and the error code that the client gets. */
export interface ForeseenRefusal {
  readonly check: CheckId | undefined;
  readonly decidedBy: Judge | undefined;
  readonly errorCode: number | undefined;
}

export type RegistrationForecast =
  /** The operation ends with this hub. */
  | ({ readonly kind: 'assigned'; readonly host: string } & HubChoice)
  /** The register request is refused. */
  | ({ readonly kind: 'refused'; readonly status: number } & ForeseenRefusal)
  /** The operation begins and ends as failed or disabled. */
  | ({ readonly kind: 'operation-fails' } & ForeseenRefusal & HubChoice);

/** Present if the policy may choose another hub for another device. */
interface HubChoice {
  readonly hubOf?: (registrationId: string) => string | undefined;
}

export type VisitForecast =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly check: CheckId | undefined };

/** Registrations that count against the quota although no request is sent. */
export interface OtherRegistrations {
  /** Returns the instants of the registrations before the request that this device sends now. Each instant is returned only once. */
  before(registrationId: string, now: Millis): Iterable<Millis>;
  /** Returns the instants of all registrations that `before` has not returned yet. */
  rest(): Iterable<Millis>;
}
