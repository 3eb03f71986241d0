import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { defined } from '../../core/defined.ts';
import { identityOf } from '../../core/run/scenario-identity.ts';
import type { CheckId } from '../../core/checks.ts';
import type { LoadedFiles } from '../files/load-files.ts';
import type { Grep } from '../option-words.ts';
import type { Plan, PlannedScenario } from './plan.ts';
import { slug } from '../files/slug.ts';
import { versions } from '../versions.ts';
import { attacks } from '../../sim/attacks/catalogue.ts';
import { topics } from '../vocabulary.ts';

export interface PlanOptions {
  readonly grep?: Grep;
  readonly seed?: string;
  readonly workers?: number;
  /** Such as `1/3`. */
  readonly shard?: string;
  readonly sabotage?: CheckId;
  /** Real seconds. */
  readonly timeLimit: number;
}

/** Chooses the scenarios to run, and draws a seed for those that have none. */
export function makePlan(loaded: LoadedFiles, options: PlanOptions): Plan {
  const drawnSeed = options.seed ?? randomBytes(6).toString('hex');
  const planned = loaded.scenarios.map((scenario): PlannedScenario => ({
    ...identityOf(scenario),
    slug: slug(scenario.id),
    seed: options.seed ?? scenario.seed ?? drawnSeed,
  }));
  const scenarios = planned.filter((one) => options.grep?.pattern.test(searchedText(one)) ?? true);
  return {
    seed: drawnSeed,
    workers: options.workers ?? fittingWorkers(scenarios.length / Number(options.shard?.split('/')[1] ?? 1)),
    timeLimitMs: options.timeLimit * 1000,
    versions: versions(),
    ...defined({ sabotage: options.sabotage }),
    topics: topics(),
    attacks,
    texts: loaded.texts,
    scenarios,
  };
}

/** Returns a worker for each three scenarios: starting a worker takes a second, and most scenarios take less. */
function fittingWorkers(scenarios: number): number {
  return Math.max(1, Math.min(8, availableParallelism(), Math.ceil(scenarios / 3)));
}

/** Returns the text that `--grep` searches: the ID first, so that `^id ` names one scenario. */
function searchedText({ id, title, variant, tags }: PlannedScenario): string {
  return [id, title, variant, ...tags.map((tag) => `@${tag}`)].join(' ');
}
