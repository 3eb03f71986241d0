import type { ActiveFault } from '../../core/cloud/faults.ts';
import type { FleetRules } from '../../core/cloud/fleet-rules.ts';
import type { Millis } from '../../core/time/clock.ts';
import { addDuration, fixedLength } from '../../core/time/duration.ts';
import { isAtService } from '../devices/renewal/is-at-service.ts';
import { issuanceTimes } from '../devices/renewal/issuance-times.ts';
import { renewalDueAt, waitBeforeRenewal } from '../devices/renewal-times.ts';
import { Drawer } from './drawer.ts';
import { Endings } from './endings.ts';
import type { Fleet } from './fleet.ts';
import type { FleetState } from './fleet-state.ts';
import type { Forecasts } from './forecasts.ts';
import { IntervalCounts } from './interval-counts.ts';
import { accepted, Registrations, type Ending, type RegistrationEnd } from './registrations.ts';
import { runWheel } from './run-wheel.ts';
import type { LifeFigures, Simulation } from './simulation.ts';
import { notReadyEnding, Standings } from './standings.ts';
import { TimingWheel } from './timing-wheel.ts';

interface FieldSettings {
  readonly fleet: Fleet;
  readonly startAt: Millis;
  readonly rules: FleetRules;
  readonly faults: readonly ActiveFault[];
  readonly forecasts: Forecasts;
  /** Durations: how long each device runs, and the time between two visits to its hub. */
  readonly words: { readonly for: string; readonly visits: string };
}

/** Next action of a device when its alarm is due. */
const phases = { visit: 0, register: 1, renew: 2, registerForRenewal: 3 } as const;

/**
 * The simulation of `run-in-field` for all devices of a fleet: visits to the hub, registrations and certificate renewals, with the same
 * decisions, waits and random numbers as `liveInField` over real connections. The simulation computes successive visits that the hub
 * accepts in one step. The simulation changes neither the fleet nor the services.
 */
export class FieldRun implements Simulation {
  readonly startAt: Millis;
  readonly startedAt: Float64Array;
  readonly endedAt: Float64Array;
  readonly lastAttempts: Uint16Array;
  readonly requests: Uint32Array;
  readonly life: LifeFigures;
  readonly registrations: Registrations;
  readonly #endings: Endings;
  readonly #phases: Uint8Array;
  /** Instant at which each device ends the step, in milliseconds from `startAt`. */
  readonly #ends: Float64Array;
  readonly #wheel: TimingWheel;
  readonly #settings: FieldSettings;
  readonly #standings: Standings;
  /** Start of the current registration of each device. The registration for a renewal starts later than the visit before it. */
  readonly #registeredFrom: Float64Array;
  readonly #drawer: Drawer;

  constructor(settings: FieldSettings) {
    const { fleet, startAt, rules, forecasts } = settings;
    const { size } = fleet;
    this.#settings = settings;
    this.startAt = startAt;
    this.startedAt = new Float64Array(size);
    this.endedAt = new Float64Array(size);
    this.lastAttempts = new Uint16Array(size);
    this.requests = new Uint32Array(size);
    this.life = {
      visits: new Uint32Array(size),
      accepted: new Uint32Array(size),
      renewals: new Uint16Array(size),
      failedRenewals: new Uint16Array(size),
      renewalCounts: new IntervalCounts(startAt - (startAt % minuteMs)),
    };
    this.#endings = new Endings(size);
    this.#phases = new Uint8Array(size);
    this.#ends = new Float64Array(size);
    this.#registeredFrom = new Float64Array(size);
    this.#wheel = new TimingWheel(size);
    this.#standings = new Standings(fleet, forecasts, rules.terms);
    this.#drawer = new Drawer(fleet.seed, this.state.draws);
    const { chosenHub } = forecasts;
    this.registrations = new Registrations(
      {
        ...settings,
        wheel: this.#wheel,
        drawer: this.#drawer,
        chosenHub,
        forecastOf: (device, at) => this.#standings.registrationOf(device, at, this.#isTrial(device)),
        ended: (device, at, end) => this.#registered(device, at, end),
      },
      this.#registeredFrom,
    );
  }

  /** Runs until every device has ended the step. */
  async run(): Promise<void> {
    const { fleet, words } = this.#settings;
    for (const cohort of fleet.cohorts) {
      for (let device = cohort.first; device < cohort.end; device++) {
        const start = fleet.startOf(device, cohort);
        this.#ends[device] = addDuration(this.startAt + start, words.for) - this.startAt;
        this.#wheel.set(device, start);
      }
    }
    await runWheel(this.#wheel, (device, now) => {
      if (this.#phases[device] === phases.visit) this.#visit(device, now);
      else if (this.#phases[device] === phases.renew) this.#renew(device, now);
      else this.registrations.request(device, now);
    });
  }

  endingOf(device: number): Ending {
    return this.#endings.of(device);
  }

  get state(): FleetState {
    return this.#standings.state;
  }

  #visit(device: number, now: Millis): void {
    const { fleet, forecasts } = this.#settings;
    this.startedAt[device] = now;
    this.lastAttempts[device] = 0;
    if (forecasts.notReady !== undefined) return this.#visited(device, now, notReadyEnding(forecasts.notReady));
    if (fleet.boot === 'hub-first' && this.#standings.isAccepted(device, this.startAt + now))
      return this.#visited(device, now, accepted);
    this.#phases[device] = phases.register;
    this.#start(device, now);
  }

  #start(device: number, now: Millis): void {
    this.#registeredFrom[device] = now;
    this.registrations.start(device, now);
  }

  #registered(device: number, at: Millis, end: RegistrationEnd): void {
    const tries = this.registrations.attempts[device] ?? 0;
    this.requests[device] = (this.requests[device] ?? 0) + tries;
    if (this.#phases[device] === phases.registerForRenewal) return this.#registeredForRenewal(device, at, end);
    this.lastAttempts[device] = tries;
    this.#visited(device, at, this.#standings.registered(device, this.startAt + at, end));
  }

  /** Continues after a visit: starts a renewal if it is due, and otherwise waits for the next visit. */
  #visited(device: number, at: Millis, ending: Ending): void {
    const { visits, accepted: acceptances } = this.life;
    visits[device] = (visits[device] ?? 0) + 1;
    if (ending.outcome === 'assigned') acceptances[device] = (acceptances[device] ?? 0) + 1;
    this.endedAt[device] = at;
    this.#endings.set(device, ending);
    if (at >= (this.#ends[device] ?? 0)) return;
    if (!this.#isRenewalDue(device, at)) return this.#sleep(device, at);
    if (at === this.#wheel.now) return this.#renew(device, at);
    this.#phases[device] = phases.renew;
    this.#wheel.set(device, at);
  }

  #isRenewalDue(device: number, now: Millis): boolean {
    return now >= this.#retryAt(device) && this.startAt + now >= this.#dueAt(device);
  }

  /** Returns the instant from which the device should renew its certificate, in milliseconds since 1970; Infinity if it renews none. */
  #dueAt(device: number): Millis {
    const { renewal } = this.#settings.fleet;
    if (renewal === undefined) return Infinity;
    const { issued, certificates } = this.state;
    const renewed = isAtService(renewal) ? issued : certificates;
    return renewed?.has(device) === true ? renewalDueAt(renewed.of(device), renewal.at) : Infinity;
  }

  /** End of the wait after a failed renewal, in milliseconds from `startAt`. */
  #retryAt(device: number): Millis {
    return (this.state.renewal?.retryAt[device] ?? Number.NEGATIVE_INFINITY) - this.startAt;
  }

  /**
   * Starts a renewal. Devices renew at their hub, at DPS, or at a CA of the manufacturer. The CA reaches a device only through its hub. The
   * device tries a certificate of the CA at DPS.
   */
  #renew(device: number, now: Millis): void {
    const { renewal } = this.#settings.fleet;
    if (renewal === undefined) return;
    if (renewal.from === 'hub') return this.#renewAtHub(device, now, renewal.keepsOld);
    const isInService = this.endingOf(device).outcome === 'assigned';
    if (renewal.from !== 'dps' && !isInService) return this.#renewed(device, now, false);
    if (renewal.from !== 'dps' && !renewal.keepsOld) this.#install(device, now);
    this.#phases[device] = phases.registerForRenewal;
    this.#start(device, now);
  }

  /** Renews through the hub. Hubs have no quota for certificates, so the end of the renewal depends on no other device. */
  #renewAtHub(device: number, now: Millis, keepsOld: boolean): void {
    const at = this.startAt + now;
    if (!this.#standings.isAccepted(device, at)) return this.#renewed(device, now, false);
    this.#drawer.device = device;
    // The ID of the request.
    this.#drawer.number();
    const { issuedAt, endedAt } = issuanceTimes(at, this.#settings.rules.terms);
    const isIssued = issuedAt !== undefined && this.#standings.issued(device, issuedAt, endedAt, keepsOld);
    this.#renewed(device, endedAt - this.startAt, isIssued);
  }

  /** Returns true if the device keeps its old certificate until it has tried the new certificate from its CA. */
  #isTrial(device: number): boolean {
    const { renewal } = this.#settings.fleet;
    const isForRenewal = this.#phases[device] === phases.registerForRenewal;
    return isForRenewal && renewal !== undefined && !isAtService(renewal) && renewal.keepsOld;
  }

  /** Replaces the certificate of a device by one that its CA issued at `issuedAt`. */
  #install(device: number, issuedAt: Millis): void {
    const { renewal } = this.#settings.fleet;
    const { certificates, isRenewed } = this.state;
    if (renewal === undefined || isRenewed === undefined) return;
    const now = this.startAt + issuedAt;
    const notBefore = now - (now % 1000);
    certificates?.set(device, { notBefore, notAfter: addDuration(notBefore, renewal.validity) });
    isRenewed[device] = 1;
    this.#standings.replaced(device);
  }

  #registeredForRenewal(device: number, at: Millis, end: RegistrationEnd): void {
    if (end.hub !== 0 && this.#isTrial(device)) this.#install(device, this.#registeredFrom[device] ?? 0);
    this.#renewed(device, at, this.#standings.registered(device, this.startAt + at, end).outcome === 'assigned');
  }

  /** Records the outcome of a renewal, and waits for the next visit. */
  #renewed(device: number, at: Millis, isRenewed: boolean): void {
    const { renewal: words } = this.#settings.fleet;
    const { renewal } = this.state;
    if (renewal === undefined || words === undefined) return;
    const { renewals, failedRenewals, renewalCounts } = this.life;
    const now = this.startAt + at;
    if (isRenewed) {
      renewals[device] = (renewals[device] ?? 0) + 1;
      renewalCounts.add(now);
      renewal.failures[device] = 0;
      renewal.retryAt[device] = Number.NEGATIVE_INFINITY;
    } else {
      failedRenewals[device] = (failedRenewals[device] ?? 0) + 1;
      this.#drawer.device = device;
      const failures = renewal.failures[device] ?? 0;
      renewal.failures[device] = Math.min(255, failures + 1);
      renewal.retryAt[device] = now + waitBeforeRenewal(words, now, failures, this.#drawer);
    }
    this.#sleep(device, at);
  }

  /** Counts the ordinary visits that follow, and sets the alarm of the device for the first visit that may differ. */
  #sleep(device: number, from: Millis): void {
    this.#phases[device] = phases.visit;
    const { visits } = this.#settings.words;
    const end = this.#ends[device] ?? 0;
    const isFixed = fixedLength(visits) !== undefined;
    let now = from;
    for (;;) {
      const retryAt = this.#retryAt(device);
      const limit = retryAt > now ? Math.min(end, retryAt) : end;
      const next = addDuration(this.startAt + now, visits) - this.startAt;
      const wake = Math.max(now, Math.min(next, limit));
      if (wake >= end || !this.#isOrdinary(device, wake)) return this.#wheel.set(device, wake);
      const skipped = isFixed && wake === next ? this.#ordinaryVisits(device, now, next - now, limit) : 1;
      this.life.visits[device] = (this.life.visits[device] ?? 0) + skipped;
      this.life.accepted[device] = (this.life.accepted[device] ?? 0) + skipped;
      now = wake + (skipped - 1) * (next - now);
    }
  }

  /** Returns the number of visits before `limit` in which nothing changes: no certificate expires and no renewal is due. */
  #ordinaryVisits(device: number, now: Millis, step: Millis, limit: Millis): number {
    const expiresIn = this.#standings.validUntil(device) - this.startAt - now;
    const dueIn = now >= this.#retryAt(device) ? this.#dueAt(device) - this.startAt - now : Infinity;
    const beforeLimit = Math.ceil((limit - now) / step) - 1;
    return Math.max(1, Math.min(beforeLimit, Math.floor(expiresIn / step), Math.ceil(dueIn / step) - 1));
  }

  /** Returns true if the hub accepts a visit at this time without a registration, and no renewal follows. */
  #isOrdinary(device: number, at: Millis): boolean {
    const { fleet, forecasts } = this.#settings;
    return (
      forecasts.notReady === undefined &&
      fleet.boot === 'hub-first' &&
      this.#standings.isAccepted(device, this.startAt + at) &&
      !this.#isRenewalDue(device, at)
    );
  }
}

const minuteMs = 60_000;
