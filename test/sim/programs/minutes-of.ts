import type { Run } from '../../../core/run/run.ts';

/** Returns outcome, check and virtual minute of each attempt of a run. */
export function minutesOf(run: Run): readonly string[] {
  return run.registrations.map(({ at, outcome, check }) => `${at.slice(0, 16)} ${outcome} ${check ?? ''}`.trim());
}
