import type { PageIndex } from '../page-data.ts';
import { hashOf, type Route } from './route.ts';
import { ThemeToggle } from './theme-toggle.tsx';

/** Where one is, and the way to the other pages. */
export function Header({ index, route }: { readonly index: PageIndex; readonly route: Route }) {
  const [one, other] = index.entries;
  const compare: Route =
    route.page === 'scenario'
      ? { page: 'compare', one: route.id, other: sibling(index, route.id) }
      : { page: 'compare', one: one?.id ?? '', other: other?.id ?? '' };
  const current = (page: Route['page']): 'page' | undefined => (route.page === page ? 'page' : undefined);
  return (
    <header class="top">
      <a class="brand" href="#">
        Rehearsal
      </a>
      <nav aria-label="Pages">
        <a href="#" aria-current={current('overview')}>
          Overview
        </a>
        <a href={hashOf(compare)} aria-current={current('compare')}>
          Compare
        </a>
      </nav>
      <ThemeToggle />
    </header>
  );
}

/** Another variant of the same file, else any other scenario. */
function sibling({ entries }: PageIndex, id: string): string {
  const file = entries.find((entry) => entry.id === id)?.file;
  const others = entries.filter((entry) => entry.id !== id);
  return (others.find((entry) => entry.file === file) ?? others[0])?.id ?? '';
}
