import { groupBy } from '../../../../core/findings/signals/group-by.ts';
import type { PageEntry } from '../../page-data.ts';
import { verdictKinds } from '../format/verdict-words.ts';

/** The variants of one scenario file. Variants that did not pass come first. */
export interface FileGroup {
  readonly file: string;
  readonly entries: readonly PageEntry[];
  /** The most serious verdict in the group. */
  readonly worst: PageEntry['verdict']['kind'];
}

/** Groups entries by file. Groups with failures come first; otherwise groups have the order of the run. */
export function groupEntries(entries: readonly PageEntry[]): readonly FileGroup[] {
  return [...groupBy(entries, ({ file }) => file)]
    .map(([file, ours]) => {
      const sorted = ours.toSorted((a, b) => gravity(a.verdict.kind) - gravity(b.verdict.kind));
      return { file, entries: sorted, worst: sorted[0]?.verdict.kind ?? 'pass' };
    })
    .toSorted((a, b) => gravity(a.worst) - gravity(b.worst));
}

function gravity(kind: PageEntry['verdict']['kind']): number {
  return verdictKinds.indexOf(kind);
}
