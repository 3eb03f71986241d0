import type { CheckId } from '../checks.ts';
import type { Millis } from '../time/clock.ts';

/** The attempts of all devices of a fleet in one step, as counts, distributions and samples. */
export interface FleetRun {
  /** Name of the fleet: the entry under `devices` in the scenario. */
  readonly device: string;
  readonly devices: number;
  readonly startedAt: Millis;
  /** End of the last attempt. */
  readonly endedAt: Millis;
  readonly outcomes: { readonly assigned: number; readonly refused: number; readonly failed: number };
  /** Number of devices that each hub accepted, by the host name of the hub. */
  readonly hubs: Readonly<Record<string, number>>;
  /** One entry for each check that refused devices. The check that refused the most devices comes first. */
  readonly refusals: readonly FleetRefusal[];
  /** Number of register requests of all devices. */
  readonly requests: number;
  /** Number of register requests that DPS answered with 429 because of its quota. */
  readonly throttled: number;
  /** The largest number of register requests in one minute of the clock. */
  readonly peakPerMinute: number;
  readonly series: FleetSeries;
  /** Milliseconds from the start of a device until it is in service, for all devices that got into service. */
  readonly timeToService: Distribution;
  /** Milliseconds until this share of all devices was in service, such as 90 % for `p90`; null if fewer devices got into service. */
  readonly waits: Readonly<Record<'p50' | 'p90' | 'p95' | 'p99' | 'max', Millis | null>>;
  /** Number of register requests per device. */
  readonly attempts: Distribution;
  /** Number of answers with status 429 per device. */
  readonly throttledPerDevice: Distribution;
  /**
   * Visits and renewals. Present if the step was `run-in-field`. Start, end and outcome of each device are then those
   * of its last visit.
   */
  readonly life?: FleetLife;
  readonly samples: readonly FleetSample[];
  readonly calibration: Calibration;
}

/** Visits and renewals of the devices of a fleet in a step `run-in-field`. */
export interface FleetLife {
  /** Number of visits of all devices to their hubs. */
  readonly visits: number;
  /** Number of visits that ended with an accepted device. During such a visit, the device may have registered again. */
  readonly acceptedVisits: number;
  /** Number of renewed certificates that the hub accepted. */
  readonly renewals: number;
  readonly failedRenewals: number;
  readonly renewalsPerDevice: Distribution;
}

/** The devices that one check refused. */
export interface FleetRefusal {
  /** The check that refused the devices. Absent if no recorded check explains the refusal. */
  readonly check?: CheckId;
  readonly count: number;
  /** The first device that the check refused. */
  readonly first: string;
  readonly firstAt: Millis;
}

/** Counts per interval of time. All lists have the same length. */
export interface FleetSeries {
  /** Start of the first interval. */
  readonly from: Millis;
  /** Length of an interval in milliseconds: one minute, or more if the step is long. */
  readonly interval: Millis;
  readonly requests: readonly number[];
  readonly throttled: readonly number[];
  readonly inService: readonly number[];
  readonly refused: readonly number[];
  /** Certificate renewals. Present if the step was `run-in-field`. */
  readonly renewals?: readonly number[];
}

/** The distribution of a value over devices. All members are 0 if there is no device. */
export interface Distribution {
  readonly devices: number;
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /**
   * Pairs of the upper limit of a bucket (included) and its number of devices. A bucket does not include the upper
   * limit of the previous bucket.
   */
  readonly buckets: readonly (readonly [upTo: number, devices: number])[];
}

/** A sampled device of a fleet: it ran the step in the simulation and again over real connections. */
export interface FleetSample {
  readonly device: string;
  readonly chosenAs: string;
  readonly outcome: 'assigned' | 'refused' | 'failed';
  readonly check?: CheckId;
  readonly attempts: number;
  readonly throttled: number;
  /** Milliseconds from the start to the end of the attempt of the device. */
  readonly took: Millis;
  /** Number of certificates that the device renewed. Present if the step was `run-in-field`. */
  readonly renewals?: number;
}

/** The comparison of the simulation with the sampled devices over real connections. */
export interface Calibration {
  readonly compared: number;
  /** One sentence for each device whose simulated result differs from that over real connections. */
  readonly differences: readonly string[];
}
