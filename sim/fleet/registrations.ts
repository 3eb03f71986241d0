import type { CheckId, Judge } from '../../core/checks.ts';
import type { ActiveFault, DeviceOperation, FaultEffect } from '../../core/cloud/faults.ts';
import type { FleetRules, HubIssuance, RegistrationForecast } from '../../core/cloud/fleet-rules.ts';
import { faultCovers } from '../../core/rules/fault-covers.ts';
import type { Validity } from '../../core/rules/is-valid-at.ts';
import type { Quota } from '../../core/rules/quota.ts';
import { retryAfterSeconds } from '../../core/rules/retry-after-seconds.ts';
import type { Millis } from '../../core/time/clock.ts';
import { problems } from '../../core/wire/problems.ts';
import { hasFixedPolls, waitBeforeRetry, type RetryTraits } from '../devices/retry.ts';
import type { Drawer } from './drawer.ts';
import type { Cohort, Fleet } from './fleet.ts';
import { IntervalCounts } from './interval-counts.ts';
import { pollToTheEnd, type PollEnd } from './poll-to-the-end.ts';
import { TakeLog } from './take-log.ts';
import type { TimingWheel } from './timing-wheel.ts';

/** The outcome of an attempt of a device: `AttemptEnd` without its texts. */
export interface Ending {
  readonly outcome: 'assigned' | 'refused' | 'failed';
  readonly check?: CheckId | undefined;
  readonly decidedBy?: Judge | undefined;
  readonly errorCode?: number | undefined;
}

/** The outcome of a registration. */
export interface RegistrationEnd {
  readonly ending: Ending;
  /** The assigned hub, as in `FleetState.assigned`; 0 if DPS assigned none. */
  readonly hub: number;
  /** The validity of the certificate that DPS issued. */
  readonly issued?: Validity | undefined;
  /** The certificates that the hub issues later; undefined if DPS issued none. */
  readonly hubIssuance?: HubIssuance | undefined;
}

interface RegistrationSettings {
  readonly fleet: Fleet;
  readonly startAt: Millis;
  readonly rules: FleetRules;
  readonly faults: readonly ActiveFault[];
  readonly wheel: TimingWheel;
  readonly drawer: Drawer;
  /** Returns the decision of DPS on a request of a device. @param at milliseconds since 1970. */
  readonly forecastOf: (device: number, at: Millis) => RegistrationForecast;
  /** Returns the hub that DPS chooses for a device, as in `FleetState.assigned`; 0 if DPS chooses the same hub for all devices. */
  readonly chosenHub: (device: number) => number;
  /**
   * The simulation calls this function once, at the end of each registration. `at` may be later than the time of the timing wheel, because
   * all polls of an operation are computed together.
   */
  readonly ended: (device: number, at: Millis, end: RegistrationEnd) => void;
}

/**
 * The simulated registrations of the devices of a fleet, with the same decisions, waits and random numbers as `register` over real
 * connections. A device waits on the timing wheel until its next request. Times are milliseconds from `startAt`.
 */
export class Registrations {
  /** Number of requests of the current or last registration of each device. */
  readonly attempts: Uint16Array;
  /** Number of answers with status 429 because of the quota of the service, in all registrations of each device. */
  readonly throttled: Uint32Array;
  readonly log = new TakeLog();
  readonly requestCounts: IntervalCounts;
  readonly throttledCounts: IntervalCounts;
  readonly #startedAt: Float64Array;
  readonly #quota: Quota;
  readonly #settings: RegistrationSettings;
  readonly #traits: readonly CohortTraits[];
  readonly #isQuotaDisabled: boolean;

  /** @param startedAt start of the current registration of each device; the caller sets it. */
  constructor(settings: RegistrationSettings, startedAt: Float64Array) {
    const { fleet, startAt, rules, drawer } = settings;
    this.#settings = settings;
    this.#startedAt = startedAt;
    this.attempts = new Uint16Array(fleet.size);
    this.throttled = new Uint32Array(fleet.size);
    const firstMinute = startAt - (startAt % minuteMs);
    this.requestCounts = new IntervalCounts(firstMinute);
    this.throttledCounts = new IntervalCounts(firstMinute);
    this.#quota = rules.registrationQuota();
    this.#isQuotaDisabled = rules.terms.isDisabled('registration-quota-left');
    this.#traits = fleet.cohorts.map((cohort) => ({ ...cohort, random: drawer, fixedPoll: undefined }));
  }

  /** Starts a registration. The caller has set `startedAt` of the device. */
  start(device: number, now: Millis): void {
    this.attempts[device] = 0;
    this.request(device, now);
  }

  /** Sends the first or the next register request. */
  request(device: number, now: Millis): void {
    const { rules, startAt, forecastOf } = this.#settings;
    const at = startAt + now;
    this.attempts[device] = (this.attempts[device] ?? 0) + 1;
    this.requestCounts.add(at);
    const forecast = forecastOf(device, at);
    if (forecast.kind === 'refused' && forecast.isBeforeQuota === true) return this.#refuse(device, now, forecast);
    const fullUntil = this.#quota.take(at);
    if (fullUntil !== undefined && !this.#isQuotaDisabled) {
      this.throttled[device] = (this.throttled[device] ?? 0) + 1;
      this.throttledCounts.add(at);
      const seconds = rules.terms.tellsRetryAfter ? retryAfterSeconds(fullUntil, at) : undefined;
      return this.#retry(device, now, 429, seconds, overQuota);
    }
    if (fullUntil === undefined) this.log.add(device, at);
    if (forecast.kind === 'refused' && forecast.isAfterFaults !== true) return this.#refuse(device, now, forecast);
    const fault = this.#faultAt('register', at);
    if (fault?.kind === 'drop') return this.#end(device, now, dropped);
    if (fault?.kind === 'answer') {
      const ending: Ending = { outcome: 'refused', ...ordered, errorCode: errorCodes[fault.status] };
      return this.#retry(device, now, fault.status, fault.retryAfterSeconds, ending);
    }
    const begun = now + (fault?.delayMs ?? 0);
    if (forecast.kind === 'refused') this.#refuse(device, begun, forecast);
    else this.#operate(device, begun, forecast);
  }

  #refuse(device: number, now: Millis, forecast: RegistrationForecast & { kind: 'refused' }): void {
    const { check, decidedBy, errorCode, status } = forecast;
    const ending: Ending = { outcome: 'refused', check, decidedBy, errorCode };
    if (status >= 500) this.#retry(device, now, status, undefined, ending);
    else this.#end(device, now, ending);
  }

  /** Sets the alarm for the next try, or ends the registration if the device gives up. */
  #retry(device: number, now: Millis, status: number, seconds: number | undefined, ending: Ending): void {
    const { drawer, wheel } = this.#settings;
    drawer.device = device;
    const elapsedMs = now - (this.#startedAt[device] ?? 0);
    const wait = waitBeforeRetry(this.#traitsOf(device), this.attempts[device] ?? 0, seconds, { status, elapsedMs });
    if (wait === undefined) this.#end(device, now, ending);
    else wheel.set(device, now + wait);
  }

  /** Polls the operation to its end. The polls of a device depend on no other device, so all their instants are computed now. */
  #operate(device: number, begun: Millis, forecast: Exclude<RegistrationForecast, { kind: 'refused' }>): void {
    const end = this.#pollsOf(device, begun);
    if (end.kind === 'endless') return this.#end(device, end.at, { outcome: 'failed' });
    if (end.kind === 'throttled') return this.#end(device, end.at, overPolls);
    if (end.kind === 'dropped') return this.#end(device, end.at, dropped);
    if (end.kind === 'fault') {
      const errorCode = errorCodes[end.status as keyof typeof errorCodes];
      return this.#end(device, end.at, { outcome: 'refused', ...ordered, errorCode });
    }
    if (forecast.kind === 'operation-fails') {
      const { check, decidedBy, errorCode } = forecast;
      return this.#end(device, end.at, { outcome: 'refused', check, decidedBy, errorCode });
    }
    const { fleet, startAt, chosenHub, ended } = this.#settings;
    const chosen = chosenHub(device);
    const hub = chosen === 0 ? fleet.hubs.indexOf(forecast.host) + 1 : chosen;
    const { hubIssuance } = forecast;
    ended(device, end.at, { ending: accepted, hub, issued: forecast.issued?.(startAt + begun), hubIssuance });
  }

  #pollsOf(device: number, begun: Millis): PollEnd {
    const traits = this.#traitsOf(device);
    const { rules, faults, startAt, drawer } = this.#settings;
    drawer.device = device;
    const pollRules = { terms: rules.terms, faultAt: (...call: FaultCall) => this.#faultAt(...call) };
    const begunAt = startAt + begun;
    const isFixed = rules.terms.pollQuota.counted === 'sliding' && hasFixedPolls(traits.retry);
    if (faults.length > 0 || !isFixed) {
      const end = pollToTheEnd(traits, begunAt, pollRules);
      return { ...end, at: end.at - startAt };
    }
    traits.fixedPoll ??= pollToTheEnd(traits, 0, pollRules);
    const { at, kind, status } = traits.fixedPoll;
    return { at: begun + at, kind, status };
  }

  #faultAt(operation: DeviceOperation, now: Millis): FaultEffect | undefined {
    const { faults, rules } = this.#settings;
    if (faults.length === 0) return undefined;
    const effect = faults.find((fault) => faultCovers(fault, operation, now))?.effect;
    return effect?.kind !== 'delay' && rules.terms.isDisabled('no-fault-ordered') ? undefined : effect;
  }

  #traitsOf(device: number): CohortTraits {
    for (const traits of this.#traits) if (device < traits.end) return traits;
    throw new Error(`device ${device} is in no cohort`);
  }

  #end(device: number, at: Millis, ending: Ending): void {
    this.#settings.ended(device, at, { ending, hub: 0 });
  }
}

type FaultCall = [operation: DeviceOperation, now: Millis];

interface CohortTraits extends Cohort, RetryTraits {
  readonly tries: number | undefined;
  readonly retry: RetryTraits['retry'];
  /**
   * The outcome of the polls of an operation that begins at 0, if all devices of the cohort poll at the same times. Undefined until
   * computed.
   */
  fixedPoll: PollEnd | undefined;
}

/** The outcome of an attempt that brings the device into service. */
export const accepted: Ending = { outcome: 'assigned' };
const { errorCode } = problems.tooManyRequests;
const overQuota: Ending = { outcome: 'refused', check: 'registration-quota-left', decidedBy: 'dps', errorCode };
const overPolls: Ending = { outcome: 'refused', check: 'poll-quota-left', decidedBy: 'dps', errorCode };
const ordered = { check: 'no-fault-ordered', decidedBy: 'dps' } as const;
const dropped: Ending = { outcome: 'refused', ...ordered };
const errorCodes = {
  429: problems.tooManyRequests.errorCode,
  500: problems.internal.errorCode,
  503: problems.unavailable.errorCode,
} as const;
const minuteMs = 60_000;
