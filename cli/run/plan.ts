import type { AttackCard } from '../../core/run/attack.ts';
import { readFileSync } from 'node:fs';
import type { CheckId } from '../../core/checks.ts';
import type { Run } from '../../core/run/run.ts';
import type { ScenarioIdentity } from '../../core/run/scenario-identity.ts';
import type { Topic } from '../../core/run/topic.ts';
import type { ReportFolder } from '../report/report-folder.ts';

/** Everything that the playing processes must know, written by `rehearse run` before it starts them. Plain JSON. */
export interface Plan {
  /** Seed of every scenario that does not name its own. */
  readonly seed: string;
  /** How many scenarios play at the same time. */
  readonly workers: number;
  /** Real milliseconds that one scenario may take. */
  readonly timeLimitMs: number;
  readonly versions: Run['versions'];
  /** The check that is switched off. */
  readonly sabotage?: CheckId;
  /** What scenarios may cover, for the guide. */
  readonly topics: readonly Topic[];
  readonly attacks: readonly AttackCard[];
  /** The files as they were when they were checked, by the path that the user gave. */
  readonly texts: Readonly<Record<string, string>>;
  readonly scenarios: readonly PlannedScenario[];
}

/** A scenario variant before it runs. */
export interface PlannedScenario extends ScenarioIdentity {
  readonly seed: string;
  /** Name of its folder under `runs`. */
  readonly slug: string;
}

/** A plan, and where what comes of it goes. */
export interface Playing {
  readonly plan: Plan;
  readonly folder: ReportFolder;
}

/** Environment variable that holds the path of the plan. */
export const planVariable = 'REHEARSE_PLAN';

/** How `rehearse run` tells Playwright's main process what to play. */
export interface PlanMessage {
  readonly planFile: string;
}

/**
 * Waits for the plan, in Playwright's main process, and leaves its path in the environment for the workers. Playwright
 * is started before there is a plan, so that it gets ready while the scenario files are checked.
 */
export async function awaitPlan(): Promise<Playing> {
  if (process.env[planVariable] === undefined) {
    if (process.send === undefined) throw new Error('start the scenarios with `rehearse run`');
    process.env[planVariable] = await new Promise((resolve) => {
      process.once('message', ({ planFile }: PlanMessage) => resolve(planFile));
    });
  }
  return readPlan();
}

/** The plan of the run that this process belongs to. */
export function readPlan(): Playing {
  const path = process.env[planVariable];
  if (path === undefined) throw new Error(`${planVariable} is not set: start the scenarios with \`rehearse run\``);
  const playing: Playing = JSON.parse(readFileSync(path, 'utf8'));
  return playing;
}
