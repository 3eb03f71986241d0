import type { CheckId, Judge } from '../checks.ts';
import type { Transport } from '../history/events.ts';
import type { Result } from '../result.ts';
import type { Validity } from '../rules/is-valid-at.ts';
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
  /** Returns the result of a registration of this device. */
  foresee(call: FleetCall, circumstances: ForeseenCircumstances): Promise<RegistrationForecast>;
  /** Returns the result of a connection of a device to a hub at an instant. */
  foreseeVisit(visit: FleetVisit): VisitForecast;
  /** Returns true if the device has an individual enrollment. */
  isIndividual(registrationId: string): boolean;
  /**
   * Registers a device at `host`, where the simulation has registered it.
   *
   * @param issuedAt instant at which DPS issued its certificate, if it did.
   * @returns the issued certificate and its CAs in DER, if there is one.
   */
  bring(call: FleetCall, host: string, issuedAt?: Millis): Promise<Result<readonly Buffer[] | undefined>>;
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

/** The registration request of a device. */
export interface FleetCall {
  readonly registrationId: string;
  readonly transport: Transport;
  readonly token: string | undefined;
  /** Certificates of the TLS handshake in DER, leaf first. */
  readonly certificates: readonly Buffer[];
  /** Certificate signing request: base64 of DER. */
  readonly csr: string | undefined;
}

/** The state in which a registration is foreseen. */
interface ForeseenCircumstances {
  readonly at: Millis;
  /** The hub to allocate. Default: the hub that the policy chooses. */
  readonly host?: string | undefined;
  /** The hub at which the device is registered. */
  readonly former: string | undefined;
}

/** A connection of a device to its hub. */
interface FleetVisit extends Pick<FleetCall, 'token' | 'certificates'> {
  readonly at: Millis;
  /** Host name. */
  readonly host: string;
  readonly deviceId: string;
}

/** The failed check of a refusal, and the error code that the client gets. */
export interface ForeseenRefusal {
  readonly check: CheckId | undefined;
  readonly decidedBy: Judge | undefined;
  readonly errorCode: number | undefined;
}

export type RegistrationForecast = {
  /** The decision stays the same until this instant, while the certificate of the device is valid or stays invalid. Default: always. */
  readonly until?: Millis;
} & (
  | ({
      /** The operation ends with this hub. */
      readonly kind: 'assigned';
      readonly host: string;
      /** Returns the validity of the certificate that DPS issues at an instant. Absent if it issues none. */
      readonly issued?: (at: Millis) => Validity | undefined;
    } & HubChoice)
  | ({
      /** The register request is refused. */
      readonly kind: 'refused';
      readonly status: number;
      /** True if the service refuses the connection, before it counts a request. */
      readonly isBeforeQuota?: boolean;
      /** True if the service meets its faults before it refuses. */
      readonly isAfterFaults?: boolean;
    } & ForeseenRefusal)
  /** The operation begins and ends as failed or disabled. */
  | ({ readonly kind: 'operation-fails' } & ForeseenRefusal & HubChoice)
);

/** Present if the policy may choose another hub for another device. */
interface HubChoice {
  readonly hubOf?: (registrationId: string) => string | undefined;
}

type VisitForecast = { readonly accepted: true } | { readonly accepted: false; readonly check: CheckId | undefined };

/** Registrations that count against the quota although no request is sent. */
export interface OtherRegistrations {
  /** Returns the instants of the registrations before the request that this device sends now. Each instant is returned only once. */
  before(registrationId: string, now: Millis): Iterable<Millis>;
  /** Returns the instants of all registrations that `before` has not returned yet. */
  rest(): Iterable<Millis>;
}
