import type { PageEntry, PageIndex } from '../../page-data.ts';
import { verdictWords } from '../format/verdict-words.ts';
import type { Route } from './route.ts';

/** Returns the title of the browser tab for an address, so that users can distinguish the page in tabs, history and bookmarks. */
export function documentTitle({ entries, earlier }: PageIndex, route: Route): string {
  const all = [...entries, ...earlier];
  const entryOf = (id: string): PageEntry | undefined => all.find((entry) => entry.id === id);
  return `${contentTitle()} · Rehearsal`;

  function contentTitle(): string {
    switch (route.page) {
      case 'overview': {
        const failed = entries.filter(({ verdict }) => verdict.kind === 'fail' || verdict.kind === 'unknown').length;
        return failed === 0 ? `${entries.length} scenarios` : `${failed} of ${entries.length} did not pass`;
      }
      case 'scenario': {
        const entry = entryOf(route.id);
        return entry === undefined ? route.id : `${verdictWords[entry.verdict.kind].sign} ${nameOf(entry)}`;
      }
      case 'compare':
        return `Compare ${nameOf(entryOf(route.one))} with ${nameOf(entryOf(route.other))}`;
      case 'guidance':
        return 'Guidance';
      case 'attacks':
        return 'Attacks';
      case 'matrix':
        return 'Decision matrix';
    }
  }
}

function nameOf(entry: PageEntry | undefined): string {
  if (entry === undefined) return 'a scenario';
  const { title, variant } = entry;
  return variant === '' || title.includes(variant) ? title : `${title} (${variant})`;
}
