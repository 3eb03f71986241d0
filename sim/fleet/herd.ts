import type { ActiveFault } from '../../core/cloud/faults.ts';
import type { FleetRules } from '../../core/cloud/fleet-rules.ts';
import type { Millis } from '../../core/time/clock.ts';
import { Drawer } from './drawer.ts';
import { Endings } from './endings.ts';
import type { Fleet } from './fleet.ts';
import type { FleetState } from './fleet-state.ts';
import type { Forecasts } from './forecasts.ts';
import { accepted, Registrations, type Ending } from './registrations.ts';
import { runWheel } from './run-wheel.ts';
import type { Simulation } from './simulation.ts';
import { notReadyEnding, Standings } from './standings.ts';
import { TimingWheel } from './timing-wheel.ts';

interface HerdSettings {
  readonly fleet: Fleet;
  readonly mode: 'as-configured' | 'register';
  readonly startAt: Millis;
  readonly rules: FleetRules;
  readonly faults: readonly ActiveFault[];
  readonly forecasts: Forecasts;
}

/**
 * The simulation of one attempt of each device of a fleet to get into service. It uses the same decisions, waits and random numbers as
 * `attempt` over real connections. The simulation changes neither the fleet nor the services.
 */
export class Herd implements Simulation {
  readonly startAt: Millis;
  readonly startedAt: Float64Array;
  readonly endedAt: Float64Array;
  readonly registrations: Registrations;
  readonly #endings: Endings;
  readonly #wheel: TimingWheel;
  readonly #settings: HerdSettings;
  readonly #standings: Standings;

  constructor(settings: HerdSettings) {
    const { fleet, startAt, rules, forecasts } = settings;
    this.#settings = settings;
    this.startAt = startAt;
    this.startedAt = new Float64Array(fleet.size);
    this.endedAt = new Float64Array(fleet.size);
    this.#endings = new Endings(fleet.size);
    this.#wheel = new TimingWheel(fleet.size);
    this.#standings = new Standings(fleet, forecasts, rules.terms);
    const drawer = new Drawer(fleet.seed, this.state.draws);
    const { chosenHub } = forecasts;
    this.registrations = new Registrations(
      {
        ...settings,
        wheel: this.#wheel,
        drawer,
        chosenHub,
        forecastOf: (device, at) => this.#standings.registrationOf(device, at),
        ended: (device, at, end) => this.#end(device, at, this.#standings.registered(device, startAt + at, end)),
      },
      this.startedAt,
    );
  }

  /** Runs until every device is in service or has given up. */
  async run(): Promise<void> {
    const { fleet } = this.#settings;
    for (const cohort of fleet.cohorts) {
      for (let device = cohort.first; device < cohort.end; device++)
        this.#wheel.set(device, fleet.startOf(device, cohort));
    }
    await runWheel(this.#wheel, (device, now) => {
      if (this.lastAttempts[device] === 0) this.#begin(device, now);
      else this.registrations.request(device, now);
    });
  }

  endingOf(device: number): Ending {
    return this.#endings.of(device);
  }

  get lastAttempts(): Uint16Array {
    return this.registrations.attempts;
  }

  get requests(): Uint16Array {
    return this.registrations.attempts;
  }

  get state(): FleetState {
    return this.#standings.state;
  }

  #begin(device: number, now: Millis): void {
    const { fleet, mode, forecasts } = this.#settings;
    this.startedAt[device] = now;
    if (forecasts.notReady !== undefined) return this.#end(device, now, notReadyEnding(forecasts.notReady));
    const isHubFirst = mode === 'as-configured' && fleet.boot === 'hub-first';
    if (isHubFirst && this.#standings.isAccepted(device, this.startAt + now)) return this.#end(device, now, accepted);
    this.registrations.start(device, now);
  }

  #end(device: number, at: Millis, ending: Ending): void {
    this.endedAt[device] = at;
    this.#endings.set(device, ending);
  }
}
