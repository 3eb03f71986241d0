import { expect, test } from 'vitest';
import type { Run } from '../../core/run/run.ts';
import { startCloud } from '../../mocks/start-cloud.ts';
import { playScenario } from '../../sim/play/play-scenario.ts';
import type { Scenario } from '../../sim/scenario/load.ts';
import { comparableResult } from './comparable-result.ts';
import { shipped } from './shipped.ts';
import { shorter } from './shorter.ts';

/** Only in this step can the simulation compute hub visits without connections. */
const stepName = 'run-in-field';

test.each(
  shipped()
    .filter(({ timeline }) => timeline.some(({ name }) => name === stepName))
    .map((scenario) => [scenario.id, scenario] as const),
)(
  'the scenario %s has the same result with hub visits that are computed as with hub visits over real connections',
  // The limit only ends a hang.
  { timeout: 300_000 },
  async (_id, whole) => {
    const scenario = shorter(whole);
    const quiet = await play(scenario, false);
    if (quiet.verdict.kind === 'skipped') return;
    const byWire = await play(scenario, true);
    expect(byWire.history.filter(({ kind }) => kind === 'quiet-visits')).toEqual([]);
    expect(comparableResult(quiet)).toEqual(comparableResult(byWire));
  },
);

function play(scenario: Scenario, allByWire: boolean): Promise<Run> {
  const versions = { rehearsal: 'test', node: process.version };
  return playScenario(scenario, { seed: 'quiet', startCloud, versions, allByWire });
}
