import type { Run } from '../../core/run/run.ts';
import { addDuration } from '../../core/time/duration.ts';
import { spokenBetween } from '../../core/time/spoken-between.ts';
import { spokenDuration } from '../../core/time/spoken-duration.ts';

/** Formats the virtual time of a run in words: `50 days 6 seconds`. A run without events has no first instant, so its months stay months. */
export function runTimeText({ history, virtualDuration }: Pick<Run, 'history' | 'virtualDuration'>): string {
  const from = history[0]?.at;
  return from === undefined ? spokenDuration(virtualDuration) : spokenBetween(from, addDuration(from, virtualDuration));
}
