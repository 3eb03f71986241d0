import type { Run } from '../../core/run/run.ts';
import { titleOf } from './title-of.ts';

/** Returns the title and the variant of a run. Omits the variant if the title contains it already. */
export function spokenTitle(run: Pick<Run, 'title' | 'variant'>): string {
  return run.title.includes(run.variant) ? run.title : titleOf(run);
}
