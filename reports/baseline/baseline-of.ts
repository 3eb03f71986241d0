import { defined } from '../../core/defined.ts';
import type { RegistrationResult, Results, ScenarioResult } from '../shapes/results-shape.ts';
import type { Baseline, BaselineEntry, BaselineOutcome } from './baseline-shape.ts';

/** Returns the baseline for later runs, without seeds, times of day and versions, which change with every run. */
export function baselineOf({ scenarios }: Pick<Results, 'scenarios'>): Baseline {
  return { baseline: 1, scenarios: Object.fromEntries(scenarios.map((one) => [one.id, entryOf(one)])) };
}

function entryOf({ verdict, variant, row, wallMs, covers, registrations }: ScenarioResult): BaselineEntry {
  return {
    verdict,
    ...defined({ variant: variant === '' ? undefined : variant, row }),
    wallMs,
    ...defined({ covers: covers.length === 0 ? undefined : [...covers] }),
    outcomes: registrations.map(outcomeOf),
  };
}

function outcomeOf({ device, outcome, hub, check, why, errorCode, visits }: RegistrationResult): BaselineOutcome {
  return {
    device,
    outcome,
    ...defined({ hub: hub ?? undefined, check: check ?? undefined, errorCode: errorCode ?? undefined, why, visits }),
  };
}
