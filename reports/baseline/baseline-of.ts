import type { RegistrationResult, Results, ScenarioResult } from '../shapes/results-shape.ts';
import type { Baseline, BaselineEntry, BaselineOutcome } from './baseline-shape.ts';

/** What a later run is held against. Seeds, times of day and versions are left out: they change with every run. */
export function baselineOf({ scenarios }: Pick<Results, 'scenarios'>): Baseline {
  return { baseline: 1, scenarios: Object.fromEntries(scenarios.map((one) => [one.id, entryOf(one)])) };
}

function entryOf({ verdict, wallMs, covers, registrations }: ScenarioResult): BaselineEntry {
  return {
    verdict,
    wallMs,
    ...(covers.length === 0 ? {} : { covers: [...covers] }),
    outcomes: registrations.map(outcomeOf),
  };
}

function outcomeOf({ device, outcome, hub, check, errorCode }: RegistrationResult): BaselineOutcome {
  return {
    device,
    outcome,
    ...(hub === null ? {} : { hub }),
    ...(check === null ? {} : { check }),
    ...(errorCode === null ? {} : { errorCode }),
  };
}
