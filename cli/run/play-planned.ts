import { dirname, join } from 'node:path';
import type { CheckId } from '../../core/checks.ts';
import { defined } from '../../core/defined.ts';
import type { Run } from '../../core/run/run.ts';
import { startCloud } from '../../mocks/start-cloud.ts';
import { playScenario } from '../../sim/play/play-scenario.ts';
import type { Scenario } from '../../sim/scenario/load.ts';
import { loadText } from '../files/load-files.ts';
import { slug } from '../files/slug.ts';
import { writeAtomically } from '../files/write-atomically.ts';

/** One scenario of a plan, with everything that another process needs to run it. Plain data. */
export interface Task {
  readonly id: string;
  readonly seed: string;
  /** Path as the user gave it, with `/`. */
  readonly file: string;
  /** Text of the file when the plan was made. */
  readonly text: string;
  readonly versions: Run['versions'];
  /** The disabled check. */
  readonly sabotage?: CheckId;
  /** True if the scenario may start programs. */
  readonly allowPrograms: boolean;
  /** Absolute path of the run.json. The run writes the audit trails of the provisioning stations into the same folder. */
  readonly runFile: string;
}

/**
 * Runs one scenario against the mock and writes its run.json. Each of the three ways to run a planned scenario calls this function: the
 * command's own process, a worker process, and a test of Playwright Test.
 *
 * @param scenario the scenario of the task. Default: it is read from the text of the task, as in another process.
 */
export async function playPlanned(task: Task, scenario: Scenario = findScenario(task)): Promise<Run> {
  const run = await playScenario(scenario, {
    seed: task.seed,
    startCloud,
    versions: task.versions,
    sabotage: task.sabotage,
    allowPrograms: task.allowPrograms,
    // In CI, a software model must not replace a missing program: the result would look like a result with the real program.
    missingParts: process.env['CI'] ? 'skip' : 'model',
  });
  const recorded: Run = { ...run, ...defined({ text: task.text }) };
  writeAtomically(task.runFile, `${JSON.stringify(recorded, null, 1)}\n`, { isDurable: false });
  for (const { station, lines } of run.audits) {
    writeAtomically(join(dirname(task.runFile), `audit-${slug(station)}.jsonl`), `${lines.join('\n')}\n`, {
      isDurable: false,
    });
  }
  return recorded;
}

/** The plan was made from the same text, so a missing scenario is a bug. */
function findScenario({ file, text, id }: Task): Scenario {
  if (newest?.file !== file || newest.text !== text) newest = { file, text, scenarios: scenariosIn(file, text) };
  const scenario = newest.scenarios.find((one) => one.id === id);
  if (scenario === undefined) throw new Error(`${file} has no scenario ${id}`);
  return scenario;
}

function scenariosIn(file: string, text: string): readonly Scenario[] {
  const loaded = loadText(file, text);
  if (!loaded.ok) throw new Error(`${file} was valid when the run started, but is invalid now`);
  return loaded.scenarios;
}

/** The file of the last task. Most tasks of a worker are for the next variant of the same file, and parsing it again takes 3 ms. */
let newest: { readonly file: string; readonly text: string; readonly scenarios: readonly Scenario[] } | undefined;
