import type { CheckId, Judge } from '../checks.ts';
import type { Transport } from '../history/events.ts';
import type { Result } from '../result.ts';
import type { Validity } from '../rules/is-valid-at.ts';
import type { Quota, QuotaSize } from '../rules/quota.ts';
import type { Millis } from '../time/clock.ts';

/**
 * The decisions of a cloud as functions, for simulated fleets. They equal the decisions that the services make for
 * clients, so simulated devices and connected devices meet the same rules. The functions record nothing, use up no
 * quota and change no state.
 */
export interface FleetRules {
  readonly terms: FleetTerms;
  /** Returns a copy of the registration quota, with all requests so far counted. */
  registrationQuota(): Quota;
  /** Predicts the result of a register request, but does not register the device. */
  foresee(call: FleetCall, circumstances: ForeseenCircumstances): Promise<RegistrationForecast>;
  /** Predicts whether a hub accepts a connection of a device at an instant. */
  foreseeVisit(visit: FleetVisit): VisitForecast;
  /**
   * Predicts the certificates that hubs issue to a device of the device registry, and to all devices with the same policy.
   *
   * @param deviceId ID of a device; hubs issue nothing to a device that the registry does not have.
   */
  hubIssuance(deviceId: string): HubIssuance;
  /** Returns true if the device has an individual enrollment. */
  isIndividual(registrationId: string): boolean;
  /**
   * Registers a device at the hub `host`, because the simulation registered the device at this hub.
   *
   * @param issuedAt instant at which DPS issued the certificate of the device; undefined if DPS issued no certificate.
   * @returns the issued certificate and its CAs in DER; undefined if DPS issues none.
   */
  bring(call: FleetCall, host: string, issuedAt?: Millis): Promise<Result<readonly Buffer[] | undefined>>;
  /**
   * Sets the simulated devices whose requests the registration quota also counts. Before the change, the method counts
   * the remaining requests of the previous `others`. If `others` is undefined, the quota counts only requests of
   * clients.
   */
  countOthers(others: OtherRegistrations | undefined): void;
}

/** The settings of the services that decide how long a registration or the issuance of a certificate lasts. */
export interface FleetTerms {
  readonly retryAfterSeconds: number;
  readonly assignmentMs: Millis;
  readonly pollQuota: QuotaSize;
  /** Time from a certificate request until the hub can issue the certificate. */
  readonly issuanceMs: Millis;
  /** Time from a certificate request until the hub forgets the request. */
  readonly issuanceLifeMs: Millis;
  /** True if an answer with status 429 contains Retry-After. */
  readonly tellsRetryAfter: boolean;
  /** Returns true if a mutation test has disabled this check. */
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

/** The conditions under which `foresee` predicts a registration. */
interface ForeseenCircumstances {
  readonly at: Millis;
  /** The hub to allocate. Default: the hub that the policy chooses. */
  readonly host?: string | undefined;
  /** The hub at which the device is registered before the request; undefined if the device is not registered. */
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
  /**
   * Instant until which the decision stays the same. The decision can change earlier if the certificate of the device
   * becomes valid or invalid. Default: forever.
   */
  readonly until?: Millis;
} & (
  | ({
      /** The operation ends with the assignment to this hub. */
      readonly kind: 'assigned';
      readonly host: string;
      /** Returns the validity of the certificate that DPS issues at an instant. Absent if DPS issues no certificate. */
      readonly issued?: (at: Millis) => Validity | undefined;
      /** Predicts the certificates that the hub issues to the device later. Absent if DPS issues no certificate. */
      readonly hubIssuance?: HubIssuance;
    } & HubChoice)
  | ({
      /** The service refuses the register request. */
      readonly kind: 'refused';
      readonly status: number;
      /** True if the service refuses the connection before it counts the request against the quota. */
      readonly isBeforeQuota?: boolean;
      /** True if the service applies its injected faults before it makes this refusal. */
      readonly isAfterFaults?: boolean;
    } & ForeseenRefusal)
  /** DPS accepts the request, and the operation ends with the status failed or disabled. */
  | ({ readonly kind: 'operation-fails' } & ForeseenRefusal & HubChoice)
);

/** Predicts what a hub answers to a certificate request. @param host name of the hub. @param at milliseconds since 1970. */
export type HubIssuance = (host: string, at: Millis) => IssuanceForecast;

/** The certificate that a hub issues. */
export interface IssuanceForecast {
  /** Returns the validity of the certificate that the hub issues at an instant. Absent if the hub issues none. */
  readonly issued?: (at: Millis) => Validity;
  /** True if the hub trusts the CA that issues the certificate. */
  readonly isTrusted: boolean;
}

/**
 * Returns the hub that the allocation policy chooses for another device. Absent if the policy chooses the same hub for
 * every device.
 */
interface HubChoice {
  readonly hubOf?: (registrationId: string) => string | undefined;
}

type VisitForecast = { readonly accepted: true } | { readonly accepted: false; readonly check: CheckId | undefined };

/** Requests of simulated devices: they count against the quota although no client sends them. */
export interface OtherRegistrations {
  /**
   * Counts the simulated requests that come before the request that the device with this ID sends now. Each simulated
   * request counts only once.
   *
   * @param take counts a request at an instant, in milliseconds since 1970. Returns false if the quota has no capacity for it.
   * @returns true if an earlier call has counted this request too, so that the service must not count it again.
   */
  countBefore(registrationId: string, now: Millis, take: (at: Millis) => boolean): boolean;
  /** Counts all simulated requests that `countBefore` has not counted yet. */
  countRest(take: (at: Millis) => boolean): void;
}
