import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { CheckId } from '../../core/checks.ts';
import { defined } from '../../core/defined.ts';
import type { AttackCard } from '../../core/run/attack.ts';
import type { Run } from '../../core/run/run.ts';
import { identityOf, type ScenarioIdentity } from '../../core/run/scenario-identity.ts';
import type { Topic } from '../../core/run/topic.ts';
import { attacks } from '../../sim/attacks/catalogue.ts';
import type { Scenario } from '../../sim/scenario/load.ts';
import type { Playback } from '../../reports/playback.ts';
import type { LoadedFiles } from '../files/load-files.ts';
import { slug } from '../files/slug.ts';
import type { LastFailed } from './last-failed.ts';
import type { Grep } from '../option-words.ts';
import type { ReportFolder } from '../report/report-folder.ts';
import { versions } from '../versions.ts';
import type { Task } from './play-planned.ts';
import { topics } from '../files/topics.ts';

/** The chosen scenarios of a run and their seeds, before the first scenario starts. */
export interface Plan {
  /** Seed of every scenario without its own seed. */
  readonly seed: string;
  /** The largest number of scenarios that run at the same time. */
  readonly workers: number;
  /** Time limit of one scenario, in real milliseconds. */
  readonly timeLimitMs: number;
  readonly versions: Run['versions'];
  /** Command-line arguments that choose the same scenarios again. Absent if no arguments can choose them. */
  readonly selection?: Playback['selection'];
  /** The disabled check. */
  readonly sabotage?: CheckId;
  /** True if the scenarios may start programs. */
  readonly allowPrograms: boolean;
  /** The topics that scenarios may cover, for the guide. */
  readonly topics: readonly Topic[];
  readonly attacks: readonly AttackCard[];
  /** Text of each file at the time of the check, by the path that the user gave. */
  readonly texts: Readonly<Record<string, string>>;
  /** Number of scenarios that match `--grep`, in all shards. */
  readonly matching: number;
  /** The scenarios of this shard. */
  readonly scenarios: readonly PlannedScenario[];
  /** All scenarios of the files by ID, as the loader read them. */
  readonly loaded: ReadonlyMap<string, Scenario>;
}

/** A scenario variant before it runs. */
export interface PlannedScenario extends ScenarioIdentity {
  readonly seed: string;
  /** Name of the folder of this scenario below `runs`. */
  readonly slug: string;
}

/** A plan, and the folder for its results. */
export interface Playing {
  readonly plan: Plan;
  readonly folder: ReportFolder;
}

export interface PlanOptions {
  readonly grep?: Grep;
  /** The seed of all scenarios. */
  readonly seed?: string;
  /** The seed of scenarios that name no seed. Default: a random seed. */
  readonly defaultSeed?: string;
  readonly workers?: number;
  /** Such as `1/3`. */
  readonly shard?: string;
  readonly sabotage?: CheckId;
  /** Chooses only scenarios with an ID that is in `seeds`. */
  readonly last?: LastFailed | undefined;
  /** Real seconds. */
  readonly timeLimit: number;
  /** Default: false. */
  readonly allowPrograms?: boolean;
}

/** Chooses the scenarios to run, and draws a seed for scenarios that name none. */
export function makePlan(loaded: LoadedFiles, options: PlanOptions): Plan {
  const drawnSeed = options.seed ?? options.last?.seed ?? options.defaultSeed ?? randomBytes(6).toString('hex');
  const planned = loaded.scenarios.map((scenario): PlannedScenario => ({
    ...identityOf(scenario),
    slug: slug(scenario.id),
    seed: options.seed ?? options.last?.seeds.get(scenario.id) ?? scenario.seed ?? drawnSeed,
  }));
  const matching = planned.filter(
    (one) =>
      (options.grep?.pattern.test(searchedText(one)) ?? true) &&
      (options.last === undefined || options.last.seeds.has(one.id)),
  );
  const scenarios = options.shard === undefined ? matching : shardOf(matching, options.shard);
  return {
    seed: drawnSeed,
    workers: options.workers ?? fittingWorkers(scenarios.length),
    timeLimitMs: options.timeLimit * 1000,
    versions: versions(),
    ...defined({ sabotage: options.sabotage }),
    allowPrograms: options.allowPrograms === true,
    topics: topics(),
    attacks,
    texts: loaded.texts,
    matching: matching.length,
    scenarios,
    loaded: new Map(loaded.scenarios.map((scenario) => [scenario.id, scenario])),
  };
}

/** Returns everything that a process needs to run one scenario. @param runFile absolute path of its run.json. */
export function taskOf(plan: Plan, planned: PlannedScenario, runFile: string): Task {
  return {
    id: planned.id,
    seed: planned.seed,
    file: planned.file,
    text: plan.texts[planned.file] ?? '',
    versions: plan.versions,
    ...defined({ sabotage: plan.sabotage }),
    allowPrograms: plan.allowPrograms,
    runFile,
  };
}

/** Returns one of several consecutive parts of a list. If the parts cannot have equal length, the first parts have one item more. */
function shardOf<T>(items: readonly T[], shard: string): readonly T[] {
  const [part = 1, parts = 1] = shard.split('/').map(Number);
  const least = Math.floor(items.length / parts);
  const startOf = (index: number): number => index * least + Math.min(index, items.length % parts);
  return items.slice(startOf(part - 1), startOf(part));
}

/** Returns the default number of workers: one for every three scenarios, because the start of a worker takes longer than most scenarios. */
function fittingWorkers(scenarios: number): number {
  return Math.max(1, Math.min(8, availableParallelism(), Math.ceil(scenarios / 3)));
}

/** Returns the text that `--grep` searches: the ID first, so that `^id ` names one scenario. */
function searchedText({ id, title, variant, tags }: PlannedScenario): string {
  return [id, title, variant, ...tags.map((tag) => `@${tag}`)].join(' ');
}
