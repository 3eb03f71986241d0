import type { CheckId, Judge } from '../../core/checks.ts';
import type { FleetRules, RegistrationForecast } from '../../core/cloud/fleet-rules.ts';
import type { ActiveFault, DeviceOperation, FaultEffect } from '../../core/cloud/faults.ts';
import { countedDraw } from '../../core/counted-draw.ts';
import { faultCovers } from '../../core/rules/fault-covers.ts';
import type { Quota } from '../../core/rules/quota.ts';
import { retryAfterSeconds } from '../../core/rules/retry-after-seconds.ts';
import type { Millis } from '../../core/time/clock.ts';
import { problems } from '../../core/wire/problems.ts';
import type { RetryTraits } from '../devices/retry.ts';
import { hasFixedPolls, waitBeforeRetry } from '../devices/retry.ts';
import type { Cohort, Fleet } from './fleet.ts';
import type { Forecasts } from './forecasts.ts';
import { IntervalCounts } from './interval-counts.ts';
import { pollToTheEnd, type PollEnd } from './poll-to-the-end.ts';
import { TakeLog } from './take-log.ts';
import { TimingWheel } from './timing-wheel.ts';

/** The end of an attempt of a device: `AttemptEnd` without its texts. */
export interface Ending {
  readonly outcome: 'assigned' | 'refused' | 'failed';
  readonly check?: CheckId | undefined;
  readonly decidedBy?: Judge | undefined;
  readonly errorCode?: number | undefined;
}

interface HerdSettings {
  readonly fleet: Fleet;
  readonly mode: 'as-configured' | 'register';
  readonly startAt: Millis;
  readonly rules: FleetRules;
  readonly faults: readonly ActiveFault[];
  readonly forecasts: Forecasts;
}

/**
 * One attempt of each device of a fleet to get into service, as numbers: the same decisions, waits and random numbers as `attempt` and
 * `register` over real connections. It changes neither the fleet nor the services.
 */
export class Herd {
  readonly startAt: Millis;
  /** By device. Times are milliseconds from `startAt`. */
  readonly startedAt: Float64Array;
  readonly endedAt: Float64Array;
  readonly attempts: Uint16Array;
  readonly throttled: Uint16Array;
  readonly draws: Uint32Array;
  /** The hub afterwards, as in `Fleet.assigned`. */
  readonly hubs: Uint8Array;
  readonly log = new TakeLog();
  readonly requestCounts: IntervalCounts;
  readonly throttledCounts: IntervalCounts;
  readonly #endings: Uint8Array;
  readonly #endingList: Ending[] = [];
  readonly #endingNumbers = new Map<string, number>();
  readonly #wheel: TimingWheel;
  readonly #quota: Quota;
  readonly #settings: HerdSettings;
  readonly #traits: readonly CohortTraits[];
  readonly #drawer: Drawer;
  readonly #isQuotaDisabled: boolean;

  constructor(settings: HerdSettings) {
    const { fleet, startAt, rules } = settings;
    const { size } = fleet;
    this.#settings = settings;
    this.startAt = startAt;
    this.startedAt = new Float64Array(size);
    this.endedAt = new Float64Array(size);
    this.attempts = new Uint16Array(size);
    this.throttled = new Uint16Array(size);
    this.draws = fleet.draws.slice();
    this.hubs = fleet.assigned.slice();
    this.requestCounts = new IntervalCounts(startAt - (startAt % minuteMs));
    this.throttledCounts = new IntervalCounts(startAt - (startAt % minuteMs));
    this.#endings = new Uint8Array(size);
    this.#wheel = new TimingWheel(size);
    this.#quota = rules.registrationQuota();
    this.#isQuotaDisabled = rules.terms.isDisabled('registration-quota-left');
    this.#drawer = new Drawer(fleet.seed, this.draws);
    this.#traits = fleet.cohorts.map((cohort) => ({ ...cohort, random: this.#drawer, fixedPoll: undefined }));
  }

  /** Runs until every device is in service or has given up. */
  run(): void {
    const { fleet } = this.#settings;
    for (const cohort of this.#traits) {
      for (let device = cohort.first; device < cohort.end; device++)
        this.#wheel.set(device, fleet.startOf(device, cohort));
    }
    for (let device = this.#wheel.take(); device >= 0; device = this.#wheel.take()) {
      if (this.attempts[device] === 0) this.#begin(device, this.#wheel.now);
      else this.#register(device, this.#wheel.now);
    }
  }

  endingOf(device: number): Ending {
    const ending = this.#endingList[this.#endings[device] ?? 0];
    if (ending === undefined) throw new Error(`device ${device} of the fleet has no ending`);
    return ending;
  }

  #begin(device: number, now: Millis): void {
    const { fleet, mode, forecasts } = this.#settings;
    this.startedAt[device] = now;
    if (forecasts.notReady !== undefined)
      return this.#end(device, now, { outcome: 'refused', check: forecasts.notReady, decidedBy: 'device' });
    const hub = fleet.assigned[device] ?? 0;
    const isHubFirst = mode === 'as-configured' && fleet.boot === 'hub-first' && hub !== 0;
    if (isHubFirst && forecasts.byHub.get(hub)?.visit.accepted === true) return this.#end(device, now, accepted);
    this.#register(device, now);
  }

  #register(device: number, now: Millis): void {
    const { rules } = this.#settings;
    const at = this.startAt + now;
    this.attempts[device] = (this.attempts[device] ?? 0) + 1;
    this.requestCounts.add(at);
    const fullUntil = this.#quota.take(at);
    if (fullUntil !== undefined && !this.#isQuotaDisabled) {
      this.throttled[device] = (this.throttled[device] ?? 0) + 1;
      this.throttledCounts.add(at);
      const seconds = rules.terms.tellsRetryAfter ? retryAfterSeconds(fullUntil, at) : undefined;
      return this.#retry(device, now, 429, seconds, overQuota);
    }
    if (fullUntil === undefined) this.log.add(device, at);
    const forecast = this.#forecastOf(device);
    if (forecast.kind === 'refused') return this.#refuse(device, now, forecast);
    const fault = this.#faultAt('register', at);
    if (fault?.kind === 'drop') return this.#end(device, now, { outcome: 'refused', ...ordered });
    if (fault?.kind === 'answer') {
      const ending: Ending = { outcome: 'refused', ...ordered, errorCode: errorCodes[fault.status] };
      return this.#retry(device, now, fault.status, fault.retryAfterSeconds, ending);
    }
    this.#operate(device, now + (fault?.delayMs ?? 0), forecast);
  }

  #refuse(device: number, now: Millis, forecast: RegistrationForecast & { kind: 'refused' }): void {
    const { check, decidedBy, errorCode, status } = forecast;
    const ending: Ending = { outcome: 'refused', check, decidedBy, errorCode };
    if (status >= 500) this.#retry(device, now, status, undefined, ending);
    else this.#end(device, now, ending);
  }

  /** Waits for the next try, or ends the attempt if the device gives up. */
  #retry(device: number, now: Millis, status: number, seconds: number | undefined, ending: Ending): void {
    const traits = this.#traitsOf(device);
    this.#drawer.device = device;
    const elapsedMs = now - (this.startedAt[device] ?? 0);
    const wait = waitBeforeRetry(traits, this.attempts[device] ?? 0, seconds, { status, elapsedMs });
    if (wait === undefined) this.#end(device, now, ending);
    else this.#wheel.set(device, now + wait);
  }

  /** Polls the operation to its end. The polls of a device depend on no other device, so their instants are computed at once. */
  #operate(device: number, begun: Millis, forecast: Exclude<RegistrationForecast, { kind: 'refused' }>): void {
    const end = this.#pollsOf(device, begun);
    if (end.kind === 'endless') return this.#end(device, end.at, { outcome: 'failed' });
    if (end.kind === 'throttled') return this.#end(device, end.at, overPolls);
    if (end.kind === 'dropped') return this.#end(device, end.at, { outcome: 'refused', ...ordered });
    if (end.kind === 'fault') {
      const errorCode = errorCodes[end.status as keyof typeof errorCodes];
      return this.#end(device, end.at, { outcome: 'refused', ...ordered, errorCode });
    }
    if (forecast.kind === 'operation-fails') {
      const { check, decidedBy, errorCode } = forecast;
      return this.#end(device, end.at, { outcome: 'refused', check, decidedBy, errorCode });
    }
    const chosen = this.#settings.forecasts.chosenHub(device);
    this.hubs[device] = chosen === 0 ? this.#settings.fleet.hubs.indexOf(forecast.host) + 1 : chosen;
    this.#end(device, end.at, accepted);
  }

  #pollsOf(device: number, begun: Millis): PollEnd {
    const traits = this.#traitsOf(device);
    const { rules, faults } = this.#settings;
    this.#drawer.device = device;
    const pollRules = { terms: rules.terms, faultAt: (...call: FaultCall) => this.#faultAt(...call) };
    const begunAt = this.startAt + begun;
    const isFixed = rules.terms.pollQuota.counted === 'sliding' && hasFixedPolls(traits.retry);
    if (faults.length > 0 || !isFixed) {
      const end = pollToTheEnd(traits, begunAt, pollRules);
      return { ...end, at: end.at - this.startAt };
    }
    traits.fixedPoll ??= pollToTheEnd(traits, 0, pollRules);
    const { at, kind, status } = traits.fixedPoll;
    return { at: begun + at, kind, status };
  }

  #forecastOf(device: number): RegistrationForecast {
    const { fleet, forecasts } = this.#settings;
    const { registrations } = forecasts.byHub.get(fleet.assigned[device] ?? 0) ?? { registrations: [] };
    const forecast = registrations.length > 1 ? registrations[forecasts.chosenHub(device)] : registrations[0];
    if (forecast === undefined) throw new Error(`device ${device} of the fleet has no forecast`);
    return forecast;
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
    this.endedAt[device] = at;
    const key = `${ending.outcome} ${ending.check ?? ''} ${ending.errorCode ?? ''}`;
    let number = this.#endingNumbers.get(key);
    if (number === undefined) {
      number = this.#endingList.push(ending) - 1;
      this.#endingNumbers.set(key, number);
    }
    this.#endings[device] = number;
  }
}

type FaultCall = [operation: DeviceOperation, now: Millis];

interface CohortTraits extends Cohort, RetryTraits {
  readonly tries: number | undefined;
  readonly retry: RetryTraits['retry'];
  /** The end of the polls of an operation that begins at 0, if it is the same for all devices. */
  fixedPoll: PollEnd | undefined;
}

/** Draws the random numbers of one device after the other. */
class Drawer {
  device = 0;
  readonly #seed: number;
  readonly #counts: Uint32Array;

  constructor(seed: number, counts: Uint32Array) {
    this.#seed = seed;
    this.#counts = counts;
  }

  number(): number {
    const count = this.#counts[this.device] ?? 0;
    this.#counts[this.device] = count + 1;
    return countedDraw(this.#seed, this.device, count);
  }
}

const accepted: Ending = { outcome: 'assigned' };
const { errorCode } = problems.tooManyRequests;
const overQuota: Ending = { outcome: 'refused', check: 'registration-quota-left', decidedBy: 'dps', errorCode };
const overPolls: Ending = { outcome: 'refused', check: 'poll-quota-left', decidedBy: 'dps', errorCode };
const ordered = { check: 'no-fault-ordered', decidedBy: 'dps' } as const;
const errorCodes = {
  429: problems.tooManyRequests.errorCode,
  500: problems.internal.errorCode,
  503: problems.unavailable.errorCode,
} as const;
const minuteMs = 60_000;
