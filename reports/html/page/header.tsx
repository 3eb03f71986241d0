import { earlierId } from '../earlier-id.ts';
import type { PageIndex } from '../page-data.ts';
import { listMemory } from './route/list-memory.ts';
import { hashOf, type Route } from './route/route.ts';
import { ThemeToggle } from './theme-toggle.tsx';

/** The head of every page: the title of the report and the links to its pages. */
export function Header({ index, route }: { readonly index: PageIndex; readonly route: Route }) {
  const id = route.page === 'scenario' ? route.id : (index.entries[0]?.id ?? '');
  const compare: Route = { page: 'compare', ...(thenAndNow(index, id) ?? { one: id, other: sibling(index, id) }) };
  const current = (page: Route['page']): 'page' | undefined => (route.page === page ? 'page' : undefined);
  return (
    <header class="top">
      <a class="brand" href={listMemory.address}>
        Rehearsal
      </a>
      <nav aria-label="Pages">
        <a href={listMemory.address} aria-current={current('overview')}>
          Overview
        </a>
        <a href={hashOf(compare)} aria-current={current('compare')}>
          Compare
        </a>
        {(['guidance', 'attacks', 'matrix'] as const).map((page) => (
          <a key={page} href={hashOf({ page })} aria-current={current(page)}>
            {pageTitles[page]}
          </a>
        ))}
        {index.conformancePage === null ? null : <a href={index.conformancePage}>Conformance</a>}
      </nav>
      <ThemeToggle />
    </header>
  );
}

const pageTitles = { guidance: 'Guidance', attacks: 'Attacks', matrix: 'Matrix' } as const;

/** Returns the IDs of a scenario in the earlier and in the current run; undefined if one of the runs does not have the scenario. */
function thenAndNow({ entries, earlier }: PageIndex, id: string): { one: string; other: string } | undefined {
  const now = entries.find((entry) => entry.id === id || earlierId(entry.id) === id);
  const then = earlier.find((entry) => now !== undefined && entry.id === earlierId(now.id));
  return now === undefined || then === undefined ? undefined : { one: then.id, other: now.id };
}

/** Returns the ID of another variant of the same file. If the file has no other variant, returns the ID of any other scenario. */
function sibling({ entries }: PageIndex, id: string): string {
  const file = entries.find((entry) => entry.id === id)?.file;
  const others = entries.filter((entry) => entry.id !== id);
  return (others.find((entry) => entry.file === file) ?? others[0])?.id ?? '';
}
