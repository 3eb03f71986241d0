import type { AttackCard } from '../../core/run/attack.ts';
import { readFileSync } from 'node:fs';
import type { CheckId } from '../../core/checks.ts';
import type { Run } from '../../core/run/run.ts';
import type { ScenarioIdentity } from '../../core/run/scenario-identity.ts';
import type { Topic } from '../../core/run/topic.ts';
import type { ReportFolder } from '../report/report-folder.ts';

/** The input of the worker processes, which `rehearse run` writes as JSON before it starts them. */
export interface Plan {
  /** Seed of every scenario without its own seed. */
  readonly seed: string;
  /** Number of scenarios that run at the same time. */
  readonly workers: number;
  /** Time limit of one scenario, in real milliseconds. */
  readonly timeLimitMs: number;
  readonly versions: Run['versions'];
  /** The disabled check. */
  readonly sabotage?: CheckId;
  /** The topics that scenarios may cover, for the guide. */
  readonly topics: readonly Topic[];
  readonly attacks: readonly AttackCard[];
  /** Text of each file at the time of the check, by the path that the user gave. */
  readonly texts: Readonly<Record<string, string>>;
  readonly scenarios: readonly PlannedScenario[];
}

/** A scenario variant before it runs. */
export interface PlannedScenario extends ScenarioIdentity {
  readonly seed: string;
  /** Name of its folder under `runs`. */
  readonly slug: string;
}

/** A plan, and the folder for its results. */
export interface Playing {
  readonly plan: Plan;
  readonly folder: ReportFolder;
}

/** Environment variable that holds the path of the plan. */
export const planVariable = 'REHEARSE_PLAN';

/** The message by which `rehearse run` gives the plan to the main process of Playwright. */
export interface PlanMessage {
  readonly planFile: string;
}

/** Reads the plan of the run that this process belongs to. */
export function readPlan(): Playing {
  const path = process.env[planVariable];
  if (path === undefined) throw new Error(`${planVariable} is not set: start the scenarios with \`rehearse run\``);
  const playing: Playing = JSON.parse(readFileSync(path, 'utf8'));
  return playing;
}
