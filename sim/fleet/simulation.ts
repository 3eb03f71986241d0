import type { Millis } from '../../core/time/clock.ts';
import type { FleetState } from './fleet-state.ts';
import type { IntervalCounts } from './interval-counts.ts';
import type { Ending, Registrations } from './registrations.ts';

/** The simulation of one step of all devices of a fleet. It has changed neither the fleet nor the services. */
export interface Simulation {
  /** Start of the step, in milliseconds since 1970. The other times are milliseconds from this instant. */
  readonly startAt: Millis;
  /** Start and end of the last attempt of each device. */
  readonly startedAt: Float64Array;
  readonly endedAt: Float64Array;
  /** Number of register requests of the last attempt of each device. */
  readonly lastAttempts: Uint16Array;
  /** Number of register requests of each device. */
  readonly requests: Uint16Array | Uint32Array;
  /** The state of the devices after the step. */
  readonly state: FleetState;
  readonly registrations: Pick<Registrations, 'log' | 'throttled' | 'requestCounts' | 'throttledCounts'>;
  /** Present if the step was `run-in-field`. */
  readonly life?: LifeFigures;
  endingOf(device: number): Ending;
}

/** Visits and renewals of each device of a fleet in a step `run-in-field`. */
export interface LifeFigures {
  readonly visits: Uint32Array;
  /** Number of visits in which the hub accepted the device. */
  readonly accepted: Uint32Array;
  readonly renewals: Uint16Array;
  readonly failedRenewals: Uint16Array;
  readonly renewalCounts: IntervalCounts;
}
