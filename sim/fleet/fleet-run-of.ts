import type { Calibration, FleetRefusal, FleetRun, FleetSample, FleetSeries } from '../../core/history/fleet-run.ts';
import { defined } from '../../core/defined.ts';
import { distributionOf } from './distribution-of.ts';
import type { Fleet } from './fleet.ts';
import type { Herd } from './herd.ts';
import { IntervalCounts } from './interval-counts.ts';

/** Sums up the attempts of a fleet. */
export function fleetRunOf(
  fleet: Fleet,
  herd: Herd,
  samples: readonly FleetSample[],
  calibration: Calibration,
): FleetRun {
  const { startAt } = herd;
  const from = startAt - (startAt % minuteMs);
  const inService = new IntervalCounts(from);
  const refused = new IntervalCounts(from);
  const outcomes = { assigned: 0, refused: 0, failed: 0 };
  const hubs: Record<string, number> = {};
  const waits = new Float64Array(fleet.size);
  let endedAt = 0;
  for (let device = 0; device < fleet.size; device++) {
    const { outcome } = herd.endingOf(device);
    const end = herd.endedAt[device] ?? 0;
    endedAt = Math.max(endedAt, end);
    (outcome === 'assigned' ? inService : refused).add(startAt + end);
    if (outcome === 'assigned') {
      const host = fleet.hubs[(herd.hubs[device] ?? 0) - 1] ?? '';
      hubs[host] = (hubs[host] ?? 0) + 1;
      waits[outcomes.assigned] = end - (herd.startedAt[device] ?? 0);
    }
    outcomes[outcome]++;
  }
  const served = waits.slice(0, outcomes.assigned).toSorted();
  const waitOf = (share: number): number | null => served[Math.ceil(share * fleet.size) - 1] ?? null;
  return {
    device: fleet.name,
    devices: fleet.size,
    startedAt: startAt,
    endedAt: startAt + endedAt,
    outcomes,
    hubs,
    refusals: refusalsOf(fleet, herd),
    requests: sumOf(herd.attempts),
    throttled: sumOf(herd.throttled),
    peakPerMinute: herd.requestCounts.peak,
    series: seriesOf(from, herd, inService, refused),
    timeToService: distributionOf(served),
    waits: {
      p50: waitOf(0.5),
      p90: waitOf(0.9),
      p95: waitOf(0.95),
      p99: waitOf(0.99),
      max: waitOf(1),
    },
    attempts: distributionOf(Float64Array.from(herd.attempts)),
    throttledPerDevice: distributionOf(Float64Array.from(herd.throttled)),
    samples,
    calibration,
  };
}

/** Returns a series of at most `intervalsAtMost` intervals of the same length. */
function seriesOf(from: number, herd: Herd, inService: IntervalCounts, refused: IntervalCounts): FleetSeries {
  const { requestCounts, throttledCounts } = herd;
  const minutes = Math.max(1, ...[requestCounts, throttledCounts, inService, refused].map(({ length }) => length));
  const width = intervals.find((each) => minutes / each <= intervalsAtMost) ?? Math.ceil(minutes / intervalsAtMost);
  const length = Math.ceil(minutes / width);
  return {
    from,
    interval: width * minuteMs,
    requests: requestCounts.by(width, length),
    throttled: throttledCounts.by(width, length),
    inService: inService.by(width, length),
    refused: refused.by(width, length),
  };
}

function refusalsOf(fleet: Fleet, herd: Herd): readonly FleetRefusal[] {
  const byCheck = new Map<string, { count: number; first: number }>();
  for (let device = 0; device < fleet.size; device++) {
    const { outcome, check } = herd.endingOf(device);
    if (outcome === 'assigned') continue;
    const known = byCheck.get(check ?? '');
    if (known === undefined) byCheck.set(check ?? '', { count: 1, first: device });
    else {
      known.count++;
      if ((herd.endedAt[device] ?? 0) < (herd.endedAt[known.first] ?? 0)) known.first = device;
    }
  }
  return [...byCheck.values()]
    .map(({ count, first }) => ({
      ...defined({ check: herd.endingOf(first).check }),
      count,
      first: fleet.nameOf(first),
      firstAt: herd.startAt + (herd.endedAt[first] ?? 0),
    }))
    .toSorted((a, b) => b.count - a.count);
}

function sumOf(counts: Uint16Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

const minuteMs = 60_000;
const intervalsAtMost = 400;
/** In minutes. */
const intervals = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440, 10_080];
