import type { Run } from '../../core/run/run.ts';
import { spokenTitle } from './spoken-title.ts';
import { withSpokenDurations } from './with-spoken-durations.ts';

/** Returns the title of a run for readers, with durations in words. Omits the values of the variant that the title contains already. */
export function displayedTitle(run: Pick<Run, 'title' | 'variant'>): string {
  const words = new Set(run.title.split(/[\s,;:()]+/));
  const variant = run.variant
    .split(', ')
    .filter((part) => !words.has(part.slice(part.indexOf('=') + 1)))
    .join(', ');
  return withSpokenDurations(spokenTitle({ ...run, variant }));
}
