import type { FleetRun } from '../../../core/history/fleet-run.ts';
import type { Run } from '../../../core/run/run.ts';

/** Returns the fleets in the history of a run, one for each step of a fleet. */
export function fleetsIn(run: Run | undefined): readonly FleetRun[] {
  return (run?.history ?? []).flatMap((event) => (event.kind === 'fleet' ? [event] : []));
}

/** Returns each difference between a simulated fleet and its sampled devices. */
export function differencesIn(run: Run | undefined): readonly string[] {
  return fleetsIn(run).flatMap(({ calibration }) => calibration.differences);
}
