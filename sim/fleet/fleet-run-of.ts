import type {
  Calibration,
  FleetLife,
  FleetRefusal,
  FleetRun,
  FleetSample,
  FleetSeries,
} from '../../core/history/fleet-run.ts';
import { defined } from '../../core/defined.ts';
import { distributionOf, distributionOfCounts } from './distribution-of.ts';
import type { Fleet } from './fleet.ts';
import { IntervalCounts } from './interval-counts.ts';
import type { LifeFigures, Simulation } from './simulation.ts';

/** Sums up the attempts of a fleet. */
export function fleetRunOf(
  fleet: Fleet,
  simulation: Simulation,
  samples: readonly FleetSample[],
  calibration: Calibration,
): FleetRun {
  const { startAt } = simulation;
  const from = startAt - (startAt % minuteMs);
  const inService = new IntervalCounts(from);
  const refused = new IntervalCounts(from);
  const outcomes = { assigned: 0, refused: 0, failed: 0 };
  const hubs: Record<string, number> = {};
  const waits = new Float64Array(fleet.size);
  let endedAt = 0;
  for (let device = 0; device < fleet.size; device++) {
    const { outcome } = simulation.endingOf(device);
    const end = simulation.endedAt[device] ?? 0;
    endedAt = Math.max(endedAt, end);
    (outcome === 'assigned' ? inService : refused).add(startAt + end);
    if (outcome === 'assigned') {
      const host = fleet.hubs[(simulation.state.assigned[device] ?? 0) - 1] ?? '';
      hubs[host] = (hubs[host] ?? 0) + 1;
      waits[outcomes.assigned] = end - (simulation.startedAt[device] ?? 0);
    }
    outcomes[outcome]++;
  }
  const served = waits.subarray(0, outcomes.assigned);
  const timeToService = distributionOf(served);
  const waitOf = (share: number): number | null => served[Math.ceil(share * fleet.size) - 1] ?? null;
  return {
    device: fleet.name,
    devices: fleet.size,
    startedAt: startAt,
    endedAt: startAt + endedAt,
    outcomes,
    hubs,
    refusals: refusalsOf(fleet, simulation),
    requests: sumOf(simulation.requests),
    throttled: sumOf(simulation.registrations.throttled),
    peakPerMinute: simulation.registrations.requestCounts.peak,
    series: seriesOf(from, simulation, inService, refused),
    timeToService,
    waits: {
      p50: waitOf(0.5),
      p90: waitOf(0.9),
      p95: waitOf(0.95),
      p99: waitOf(0.99),
      max: waitOf(1),
    },
    attempts: distributionOfCounts(simulation.requests),
    throttledPerDevice: distributionOfCounts(simulation.registrations.throttled),
    ...(simulation.life === undefined ? {} : { life: lifeOf(simulation.life) }),
    samples,
    calibration,
  };
}

/** Returns a series of at most `intervalsAtMost` intervals of the same length. */
function seriesOf(
  from: number,
  simulation: Simulation,
  inService: IntervalCounts,
  refused: IntervalCounts,
): FleetSeries {
  const { life, registrations } = simulation;
  const { requestCounts, throttledCounts } = registrations;
  const minutes = Math.max(
    1,
    ...[requestCounts, throttledCounts, inService, refused, ...(life === undefined ? [] : [life.renewalCounts])].map(
      ({ length }) => length,
    ),
  );
  const width = intervals.find((each) => minutes / each <= intervalsAtMost) ?? Math.ceil(minutes / intervalsAtMost);
  const length = Math.ceil(minutes / width);
  return {
    from,
    interval: width * minuteMs,
    requests: requestCounts.by(width, length),
    throttled: throttledCounts.by(width, length),
    inService: inService.by(width, length),
    refused: refused.by(width, length),
    ...defined({ renewals: life?.renewalCounts.by(width, length) }),
  };
}

function lifeOf({ visits, accepted, renewals, failedRenewals }: LifeFigures): FleetLife {
  return {
    visits: sumOf(visits),
    acceptedVisits: sumOf(accepted),
    renewals: sumOf(renewals),
    failedRenewals: sumOf(failedRenewals),
    renewalsPerDevice: distributionOfCounts(renewals),
  };
}

/** Returns the figures of a device that also ran the step over real connections. */
export function sampleOf(fleet: Fleet, simulation: Simulation, index: number, chosenAs: string): FleetSample {
  const { outcome, check } = simulation.endingOf(index);
  const { requests, registrations, endedAt, startedAt, life } = simulation;
  return {
    device: fleet.nameOf(index),
    chosenAs,
    outcome,
    ...defined({ check }),
    attempts: requests[index] ?? 0,
    throttled: registrations.throttled[index] ?? 0,
    took: (endedAt[index] ?? 0) - (startedAt[index] ?? 0),
    ...defined({ renewals: life?.renewals[index] }),
  };
}

function refusalsOf(fleet: Fleet, simulation: Simulation): readonly FleetRefusal[] {
  const byCheck = new Map<string, { count: number; first: number }>();
  for (let device = 0; device < fleet.size; device++) {
    const { outcome, check } = simulation.endingOf(device);
    if (outcome === 'assigned') continue;
    const known = byCheck.get(check ?? '');
    if (known === undefined) byCheck.set(check ?? '', { count: 1, first: device });
    else {
      known.count++;
      if ((simulation.endedAt[device] ?? 0) < (simulation.endedAt[known.first] ?? 0)) known.first = device;
    }
  }
  return [...byCheck.values()]
    .map(({ count, first }) => ({
      ...defined({ check: simulation.endingOf(first).check }),
      count,
      first: fleet.nameOf(first),
      firstAt: simulation.startAt + (simulation.endedAt[first] ?? 0),
    }))
    .toSorted((a, b) => b.count - a.count);
}

function sumOf(counts: Uint16Array | Uint32Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

const minuteMs = 60_000;
const intervalsAtMost = 400;
/** Possible lengths of an interval in a series, in minutes. */
const intervals = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440, 10_080];
