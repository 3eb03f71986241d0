import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repeatDifferences } from '../../reports/baseline/repeat-differences.ts';
import type { RepeatDifference } from '../../reports/playback.ts';
import { PlaybackRecord } from './playback-record.ts';
import type { Plan } from './plan.ts';
import { playRound, type Round } from './play-round.ts';
import { repeatOrder } from './repeat-order.ts';

/** `--repeat` and `--until-different`. */
export interface Repetition {
  /** Number of rounds, including the first one. */
  readonly count: number;
  /** If true, the rounds end after the first round with a result that differs from the first run. */
  readonly untilDifferent: boolean;
}

/**
 * Runs the scenarios again, round by round: in new processes, with the same seeds (so that randomness explains no difference), and in
 * another order. Returns the exit code of the signal that stopped the rounds, if any.
 */
export async function playRepeats(first: Round, repetition: Repetition): Promise<number | undefined> {
  for (let repeat = 2; repeat <= repetition.count; repeat++) {
    const plan = planOf(first, repeat);
    if (plan.scenarios.length === 0) return undefined;
    const record = new PlaybackRecord({ plan, folder: first.folder }, undefined);
    const quiet = { save: () => {}, describe: () => '' };
    const { signalCode } = await playRound({ ...first, ...quiet, plan, record, isInOwnProcess: false });
    const isDifferent = settle(first, record, { repeat, isStopped: signalCode !== undefined });
    first.save();
    if (signalCode !== undefined) return signalCode;
    if (isDifferent && repetition.untilDifferent) return undefined;
  }
  return undefined;
}

/** Returns the plan of a repeat: the scenarios that ran in this shard, each with a new folder for its results. */
function planOf({ plan, record }: Round, repeat: number): Plan {
  const played = new Set(record.playback().played.flatMap(({ run, attempts }) => (attempts === 0 ? [] : [run.id])));
  const scenarios = repeatOrder(
    plan.scenarios.filter(({ id }) => played.has(id)),
    `${plan.seed} repeat ${repeat}`,
  );
  return { ...plan, scenarios: scenarios.map((one) => ({ ...one, slug: `${one.slug}-repeat-${repeat}` })) };
}

interface RoundEnd {
  readonly repeat: number;
  /** True if a signal ended the round early. */
  readonly isStopped: boolean;
}

/**
 * Records and prints the results that differ from the first round, and deletes the files of equal results. Returns true if any result
 * differs.
 */
function settle(first: Round, record: PlaybackRecord, { repeat, isStopped }: RoundEnd): boolean {
  const { played, troubles } = record.playback();
  for (const trouble of troubles) first.record.trouble(`in repeat ${repeat}: ${trouble}`);
  const before = new Map(first.record.playback().played.map((one) => [one.run.id, one.run]));
  let isDifferent = false;
  for (const { run, runFile, attempts } of played) {
    const was = before.get(run.id);
    // A scenario that a signal prevented or stopped has no result to compare.
    if (was === undefined || attempts === 0 || (isStopped && run.verdict.kind === 'unknown')) continue;
    const sentences = repeatDifferences(was, run);
    const difference: RepeatDifference = { repeat, sentences, runFile };
    const now = first.record.repeated(run.id, sentences.length === 0 ? undefined : difference);
    if (sentences.length > 0) {
      isDifferent = true;
      if (now !== undefined) process.stdout.write(first.describe(now));
    } else if (runFile !== undefined) {
      rmSync(dirname(join(first.folder.path, runFile)), { recursive: true, force: true });
    }
  }
  return isDifferent;
}
