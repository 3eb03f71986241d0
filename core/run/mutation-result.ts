import type { Run } from './run.ts';

/** Results of a scenario that ran with one check disabled. */
export const mutationResults = [
  /** The scenario failed, so it detects that the check is missing. */
  'noticed',
  /** The disabled check would have failed, but the scenario passed. */
  'unnoticed',
  /** The disabled check never determined a decision. If the scenario failed, it also fails when the check is enabled. */
  'untouched',
  /** Inconclusive: the scenario did not run to its end, or this machine lacks a program. */
  'unknown',
] as const;

type MutationResult = (typeof mutationResults)[number];

/**
 * Returns whether a scenario detected that a check was disabled. A crash does not count as detected. The verdict of a
 * crashed scenario is inconclusive, so users repeat the run and do not look for a disabled check.
 */
export function mutationResultOf({ verdict, history }: Pick<Run, 'verdict' | 'history'>): MutationResult {
  if (verdict.kind === 'unknown' || verdict.kind === 'skipped') return 'unknown';
  const isTouched = history.some(
    (event) => event.kind === 'decision' && event.checks.some(({ sabotaged }) => sabotaged === true),
  );
  if (!isTouched) return 'untouched';
  return verdict.kind === 'fail' ? 'noticed' : 'unnoticed';
}
