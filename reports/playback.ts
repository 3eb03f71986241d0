import type { AttackCard } from '../core/run/attack.ts';
import type { CheckId } from '../core/checks.ts';
import type { Run } from '../core/run/run.ts';
import type { Topic } from '../core/run/topic.ts';

/** Everything that a report may say: the runs of one `rehearse run`, finished or not. */
export interface Playback {
  /** Seed of every scenario that does not name its own. */
  readonly seed: string;
  readonly shard: string | undefined;
  /** The check that is switched off in all of them. */
  readonly sabotage?: CheckId | undefined;
  readonly versions: Run['versions'];
  /** What scenarios may cover, in the order of the list. */
  readonly topics: readonly Topic[];
  /** The attacks that scenarios may rehearse. */
  readonly attacks: readonly AttackCard[];
  /** Whether every scenario came to an end of its own. */
  readonly complete: boolean;
  /** What went wrong outside any scenario, in sentences. */
  readonly troubles: readonly string[];
  readonly wallMs: number;
  readonly played: readonly PlayedRun[];
}

/** A run, and what the runner knows about it. */
export interface PlayedRun {
  readonly run: Run;
  /** How often it was played; 0 for one that the run never came to. */
  readonly attempts: number;
  /** Passed after an attempt that did not, or came out differently when it was played again. */
  readonly flaky: boolean;
  /** What came of playing it again with the same seed; absent where nobody asked for it. */
  readonly repeats?: Repeats;
  /** Its run.json, relative to the report folder, with `/`. */
  readonly runFile: string | undefined;
}

/** What came of playing a scenario more than once with one seed, in another order each time. */
export interface Repeats {
  /** How often it was played altogether. */
  readonly played: number;
  /** Those that did not come out as the first did. */
  readonly differences: readonly RepeatDifference[];
}

export interface RepeatDifference {
  /** Counts from 1, the first time that it was played; so 2 at least. */
  readonly repeat: number;
  /** What was in the first and what is in this one. */
  readonly sentences: readonly string[];
  /** Its run.json, relative to the report folder, with `/`. */
  readonly runFile: string | undefined;
}
