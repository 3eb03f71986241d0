import type { CheckId } from '../core/checks.ts';
import type { Run } from '../core/run/run.ts';
import { startCloud } from '../mocks/start-cloud.ts';
import { playScenario as play } from '../sim/play/play-scenario.ts';
import type { Scenario } from '../sim/scenario/scenario.ts';
import { versions } from './versions.ts';

// The exports of the package `dps-rehearsal`, for vitest and Playwright suites of users.

export type { Registration } from '../core/history/events.ts';
export type { CheckId } from '../core/checks.ts';
export type { CheckResult } from '../core/history/decision.ts';
export type { Expectation } from '../core/run/expectations/index.ts';
export type { HistoryEvent } from '../core/history/events.ts';
export type { Run } from '../core/run/run.ts';
export type { StepVerdict, Verdict } from '../core/run/verdict.ts';
export type { Mistake, Scenario } from '../sim/scenario/scenario.ts';
/** Reads the text of a scenario file. Returns its scenarios, one per variant, or all its mistakes. */
export { loadText as loadScenarios } from './files/load-files.ts';

/**
 * Runs a scenario against the mock DPS and judges it. The promise never rejects: look at `run.verdict`.
 *
 *     const loaded = loadScenarios('warehouse.yaml', text);
 *     if (!loaded.ok) throw new Error(loaded.mistakes.map(({ message }) => message).join('\n'));
 *     for (const scenario of loaded.scenarios) expect((await playScenario(scenario)).verdict.kind).toBe('pass');
 *
 * @param settings.seed overrides the seed of the scenario. Default: the seed of the scenario, or `1`, so that results are reproducible.
 * @param settings.sabotage disables a check. If the scenario detects it, `run.verdict` is `fail`.
 */
export function playScenario(
  scenario: Scenario,
  settings: { readonly seed?: string; readonly sabotage?: CheckId } = {},
): Promise<Run> {
  const seed = settings.seed ?? scenario.seed ?? '1';
  return play(scenario, { seed, startCloud, versions: versions(), sabotage: settings.sabotage });
}
