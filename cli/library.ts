import type { CheckId } from '../core/checks.ts';
import { defined } from '../core/defined.ts';
import type { Run } from '../core/run/run.ts';
import { startCloud } from '../mocks/start-cloud.ts';
import { playScenario as play } from '../sim/play/play-scenario.ts';
import type { Scenario as LoadedScenario } from '../sim/scenario/load.ts';
import { loadFiles, loadText } from './files/load-files.ts';
import { versions } from './versions.ts';

// The exports of the package `dps-rehearsal`, for vitest, Jest, node:test and Playwright suites of users.

export type { Registration } from '../core/history/events.ts';
export type { CheckId } from '../core/checks.ts';
export type { CheckResult } from '../core/history/decision.ts';
export type { Expectation } from '../core/run/expectations/index.ts';
export type { HistoryEvent } from '../core/history/events.ts';
export type { Run } from '../core/run/run.ts';
export type { StepVerdict, Verdict } from '../core/run/run.ts';
export { startLab } from './lab/start-lab.ts';
export { deriveDeviceKey } from './lab/derive-device-key.ts';
export type {
  Lab,
  LabDecision,
  LabEnrollment,
  LabEvent,
  LabGroup,
  LabKeys,
  LabOptions,
  LabRegistration,
  LabTpm,
} from './lab/lab.ts';

/** A mistake in a scenario file. Line and column count from 1. */
export interface Mistake {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** One variant of a scenario file without mistakes. `playScenario` runs it. */
export interface Scenario {
  /** Path of the file without its extension, with the variant. */
  readonly id: string;
  readonly file: string;
  readonly title: string;
  /** Name of the variant, such as `validity=P90D`; empty if the file has no matrix. */
  readonly variant: string;
  readonly tags: readonly string[];
  readonly seed: string | undefined;
}

/** Reads the text of a scenario file. Returns its scenarios, one per variant, or all its mistakes. */
export function loadScenarios(
  file: string,
  text: string,
):
  | { readonly ok: true; readonly scenarios: readonly Scenario[] }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] } {
  return loadText(file, text);
}

/**
 * Runs a scenario against the mock DPS and judges it. The promise never rejects: `run.verdict` says whether the scenario passed.
 *
 *     const loaded = loadScenarios('warehouse.yaml', text);
 *     if (!loaded.ok) throw new Error(loaded.mistakes.map(({ message }) => message).join('\n'));
 *     for (const scenario of loaded.scenarios) expect((await playScenario(scenario)).verdict.kind).toBe('pass');
 *
 * @param scenario comes from `loadScenarios`.
 * @param settings.seed overrides the seed of the scenario. Default: the seed of the scenario, or `1`, so that results are reproducible.
 * @param settings.sabotage disables a check. If the scenario detects it, `run.verdict` is `fail`.
 * @param settings.allowPrograms true if the scenario may start the programs that it names. Default: false; it then fails.
 */
export function playScenario(
  scenario: Scenario,
  settings: { readonly seed?: string; readonly sabotage?: CheckId; readonly allowPrograms?: boolean } = {},
): Promise<Run> {
  // The parameter has the small public type: the type of a whole scenario would publish types of the simulator that no caller needs.
  const loaded = scenario as LoadedScenario;
  const { seed = loaded.seed ?? '1', sabotage, allowPrograms } = settings;
  return play(loaded, { seed, startCloud, versions: versions(), ...defined({ sabotage, allowPrograms }) });
}

/**
 * Runs all scenarios below files and folders, one after the other, in this process. `rehearse run` uses all processors and writes reports.
 *
 *     for (const run of await runScenarios('scenarios')) expect(run.verdict, run.id).toMatchObject({ kind: 'pass' });
 *
 * @param settings.grep runs only scenarios whose ID or title contains this text or matches this expression.
 * @throws Error with all mistakes in the files, or if no scenario is selected.
 */
export async function runScenarios(
  paths: string | readonly string[],
  settings: {
    readonly seed?: string;
    readonly sabotage?: CheckId;
    readonly grep?: string | RegExp;
    readonly allowPrograms?: boolean;
  } = {},
): Promise<readonly Run[]> {
  const { scenarios, mistakes } = loadFiles([paths].flat());
  if (mistakes.length > 0) {
    throw new Error(
      mistakes.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`).join('\n'),
    );
  }
  const { grep } = settings;
  const isWanted = ({ id, title }: Scenario): boolean =>
    grep === undefined ||
    [id, title].some((text) => (typeof grep === 'string' ? text.includes(grep) : text.search(grep) >= 0));
  const wanted = scenarios.filter(isWanted);
  if (wanted.length === 0) throw new Error(`no scenario below ${[paths].flat().join(', ')} matches ${String(grep)}`);
  const runs: Run[] = [];
  for (const scenario of wanted) runs.push(await playScenario(scenario, settings));
  return runs;
}
