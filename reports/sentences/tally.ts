import type { VerdictKind } from '../../core/run/run.ts';
import type { PlayedRun } from '../playback.ts';

/** Counts runs by verdict. A flaky run counts only as flaky, not as passed or failed. */
export function tally(played: readonly PlayedRun[]): Readonly<Record<VerdictKind | 'flaky', number>> {
  const sums = { fail: 0, unknown: 0, flaky: 0, skipped: 0, pass: 0 };
  for (const { run, flaky } of played) sums[flaky ? 'flaky' : run.verdict.kind]++;
  return sums;
}

/** The words for the counts of a tally, the most serious one first. */
export const tallyWords = [
  ['fail', 'failed'],
  ['unknown', 'unknown'],
  ['flaky', 'flaky'],
  ['skipped', 'skipped'],
  ['pass', 'passed'],
] as const;
