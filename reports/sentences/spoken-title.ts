import type { Run } from '../../core/run/run.ts';
import { titleOf } from './title-of.ts';

/** Title and variant of a run, and the variant only once: many titles say what is special in theirs. */
export function spokenTitle(run: Run): string {
  return run.title.includes(run.variant) ? run.title : titleOf(run);
}
