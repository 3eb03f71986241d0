import type { Run } from './run.ts';

/** What a run with a check switched off has shown of its scenario. */
export const notices = [
  /** It failed: whoever runs it as a gate would have been told. */
  'noticed',
  /** The check went for passed where it had failed, and the scenario passed all the same. */
  'unnoticed',
  /** The check did not come to decide anything in it; where it failed, it fails without sabotage too. */
  'untouched',
  /** It was not played to its end, or a part of this machine was missing: nothing was shown. */
  'unknown',
] as const;

type MutationResult = (typeof notices)[number];

/**
 * Whether a scenario noticed that a check was switched off. A crash is no notice: a gate that says that it cannot tell is one
 * that people run again.
 */
export function noticeOf({ verdict, history }: Pick<Run, 'verdict' | 'history'>): MutationResult {
  if (verdict.kind === 'unknown' || verdict.kind === 'skipped') return 'unknown';
  const isTouched = history.some(
    (event) => event.kind === 'decision' && event.checks.some(({ sabotaged }) => sabotaged === true),
  );
  if (!isTouched) return 'untouched';
  return verdict.kind === 'fail' ? 'noticed' : 'unnoticed';
}
