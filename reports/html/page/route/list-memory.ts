import { defined } from '../../../../core/defined.ts';
import type { PageEntry } from '../../page-data.ts';

/**
 * The state in which the user left the overview list. A scenario page links back to that list, and to the scenarios before and after it in
 * the list.
 */
interface ListMemory {
  /** Address of the overview with its filter. */
  address: string;
  /** Scroll position of the overview in pixels. */
  scroll: number;
  /** IDs of the listed scenarios in their order; empty if the user has not opened the overview yet. */
  ids: readonly string[];
}

/**
 * The state of the only list of the page. It is not in the address of a scenario, because a shared link must not contain the filter of the
 * sender.
 */
export const listMemory: ListMemory = { address: '#', scroll: 0, ids: [] };

/**
 * Returns the position of a scenario in the list that the user left, and the IDs before and after it. If that list does not contain the
 * scenario, uses the list of all scenarios.
 */
export function neighboursOf(
  id: string,
  entries: readonly PageEntry[],
): { readonly before?: string; readonly after?: string; readonly place: number; readonly count: number } {
  const ids = listMemory.ids.includes(id) ? listMemory.ids : entries.map((entry) => entry.id);
  const place = ids.indexOf(id);
  const [before, after] = [place > 0 ? ids[place - 1] : undefined, ids[place + 1]];
  return {
    ...defined({ before, after: place < 0 ? undefined : after }),
    place: place + 1,
    count: ids.length,
  };
}
