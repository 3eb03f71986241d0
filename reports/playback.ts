import type { AttackCard } from '../core/run/attack.ts';
import type { CheckId } from '../core/checks.ts';
import type { Run } from '../core/run/run.ts';
import type { Topic } from '../core/run/topic.ts';

/** The input of a report: the runs of one `rehearse run`, finished or not. */
export interface Playback {
  /** Seed of every scenario without its own seed. */
  readonly seed: string;
  readonly shard: string | undefined;
  /** The paths and the pattern that chose the scenarios; undefined if they are unknown, or if the scenarios were chosen in another way. */
  readonly selection?: { readonly paths: readonly string[]; readonly grep: string | null } | undefined;
  /** The check that is disabled in all runs. */
  readonly sabotage?: CheckId | undefined;
  readonly versions: Run['versions'];
  /** The topics that scenarios may cover, in the order of the guide. */
  readonly topics: readonly Topic[];
  /** The attacks that scenarios may cover. */
  readonly attacks: readonly AttackCard[];
  /** True if every scenario ran to its end. */
  readonly complete: boolean;
  /** Problems outside any scenario, in sentences. */
  readonly troubles: readonly string[];
  readonly wallMs: number;
  readonly played: readonly PlayedRun[];
}

/** The run of one scenario, with the facts about its attempts. */
export interface PlayedRun {
  readonly run: Run;
  /** Number of attempts; 0 if the scenario did not run. */
  readonly attempts: number;
  /** True if the scenario passed only after a failed attempt, or if a repeat had another result. */
  readonly flaky: boolean;
  /** The result of `--repeat`; absent without this option. */
  readonly repeats?: Repeats;
  /** Path of the run.json relative to the report folder, with `/`; undefined if there is none. */
  readonly runFile: string | undefined;
}

/** The result of several runs of a scenario with the same seed, in shuffled order. */
export interface Repeats {
  /** Number of runs of the scenario, including the first run. */
  readonly played: number;
  /** The runs whose results differ from the results of the first run. */
  readonly differences: readonly RepeatDifference[];
}

export interface RepeatDifference {
  /** Number of the run, at least 2: the first run has the number 1. */
  readonly repeat: number;
  /** The differences, each with the value of the first run and of this run. */
  readonly sentences: readonly string[];
  /** Path of the run.json of this repeat relative to the report folder, with `/`; undefined if there is none. */
  readonly runFile: string | undefined;
}
