import { dirname, join } from 'node:path';
import { defined } from '../../core/defined.ts';
import type { Run } from '../../core/run/run.ts';
import type { Verdict } from '../../core/run/verdict.ts';
import { startCloud } from '../../mocks/start-cloud.ts';
import { playScenario } from '../../sim/play/play-scenario.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { loadText } from '../files/load-files.ts';
import type { Plan, PlannedScenario } from './plan.ts';
import { slug } from '../files/slug.ts';
import { writeAtomically } from '../files/write-atomically.ts';

/** Runs one scenario of the plan against the mock, writes its run.json and returns its verdict. */
export async function playPlanned(plan: Plan, planned: PlannedScenario, runFile: string): Promise<Verdict> {
  const scenario = findScenario(plan, planned);
  const run = await playScenario(scenario, {
    seed: planned.seed,
    startCloud,
    versions: plan.versions,
    sabotage: plan.sabotage,
    // In CI, a software model must not replace a missing program: the result would look like one with the real program.
    missingParts: process.env['CI'] ? 'skip' : 'model',
  });
  const text = plan.texts[planned.file];
  const recorded: Run = { ...run, ...defined({ text }) };
  writeAtomically(runFile, `${JSON.stringify(recorded, null, 1)}\n`, { isDurable: false });
  for (const { station, lines } of run.audits) {
    writeAtomically(join(dirname(runFile), `audit-${slug(station)}.jsonl`), `${lines.join('\n')}\n`, {
      isDurable: false,
    });
  }
  return run.verdict;
}

const scenariosByFile = new Map<string, ReadonlyMap<string, Scenario>>();

/** The plan was made from the same text, so a missing scenario is a bug. */
function findScenario(plan: Plan, planned: PlannedScenario): Scenario {
  let byId = scenariosByFile.get(planned.file);
  if (byId === undefined) {
    const loaded = loadText(planned.file, plan.texts[planned.file] ?? '');
    if (!loaded.ok) throw new Error(`${planned.file} was valid when the plan was made, but is invalid now`);
    byId = new Map(loaded.scenarios.map((scenario) => [scenario.id, scenario]));
    scenariosByFile.set(planned.file, byId);
  }
  const scenario = byId.get(planned.id);
  if (scenario === undefined) throw new Error(`${planned.file} holds no scenario ${planned.id}`);
  return scenario;
}
