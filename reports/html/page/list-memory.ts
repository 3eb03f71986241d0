import { defined } from '../../../core/defined.ts';
import type { PageEntry } from '../page-data.ts';

/** The list of the overview as the user left it, so that a scenario can lead back to it and to its neighbours. */
interface ListMemory {
  /** Address of the overview with its filter. */
  address: string;
  /** Scroll position of the page in pixels. */
  scroll: number;
  /** IDs of the listed scenarios in their order; empty if the overview was not open yet. */
  ids: readonly string[];
}

/** One page has one list. It is not part of the address, because a link to a scenario is about that scenario alone. */
export const listMemory: ListMemory = { address: '#', scroll: 0, ids: [] };

/** Returns the IDs before and after a scenario in the list that the user left, and its place; of all scenarios if the list lacks it. */
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
