import type { AttackCard } from '../core/attack.ts';
import type { CheckId } from '../core/checks.ts';
import type { Run } from '../core/run.ts';
import type { Topic } from '../core/topic.ts';

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
  /** Passed, after an attempt that did not. */
  readonly flaky: boolean;
  /** Its run.json, relative to the report folder, with `/`. */
  readonly runFile: string | undefined;
}
