import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { PageIndex } from '../page-data.ts';
import { Compare } from './compare/compare.tsx';
import { documentTitle } from './route/document-title.ts';
import { Attacks } from './guidance/attacks.tsx';
import { Coverage } from './guidance/coverage.tsx';
import { Matrix } from './guidance/matrix.tsx';
import { Header } from './header.tsx';
import { KeyHelp } from './keys/key-help.tsx';
import { listMemory } from './route/list-memory.ts';
import { Overview } from './overview/overview.tsx';
import { ScenarioPage } from './scenario/scenario-page.tsx';
import { useKeys } from './keys/use-keys.ts';
import { useRoute } from './route/use-route.ts';

/** The whole page: a header, and the content for the address. */
export function App({ index }: { readonly index: PageIndex }) {
  const [route, replace] = useRoute();
  const main = useRef<HTMLElement>(null);
  const help = useRef<HTMLDialogElement>(null);
  const shown = route.page === 'scenario' ? `scenario ${route.id}` : route.page;
  const before = useRef(shown);
  useKeys(index, route, help);
  useEffect(() => {
    document.title = documentTitle(index, route);
  }, [shown]);
  useLayoutEffect(() => {
    if (before.current === shown) return;
    before.current = shown;
    // The list returns to the scroll position at which the user left the list. Every other page starts at its top.
    scrollTo({ top: shown === 'overview' ? listMemory.scroll : 0, behavior: 'instant' });
    // Moves the focus to the new page, so that screen readers and keyboard users continue at its start.
    main.current?.focus({ preventScroll: true });
  }, [shown]);
  useEffect(() => {
    if (shown !== 'overview') return;
    const remember = (): void => {
      // Stores the scroll position only at the address of the list, because the browser may scroll to the top before it draws the next
      // page.
      if (location.hash.replace(/^#/, '') === listMemory.address.replace(/^#/, '')) listMemory.scroll = scrollY;
    };
    addEventListener('scroll', remember, { passive: true });
    return () => removeEventListener('scroll', remember);
  }, [shown]);
  return (
    <>
      <a class="skip-link" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the content
      </a>
      <Header index={index} route={route} />
      <main id="main" tabIndex={-1} ref={main}>
        {route.page === 'overview' && (
          <Overview index={index} filter={route.filter} onFilter={(filter) => replace({ page: 'overview', filter })} />
        )}
        {route.page === 'scenario' && <ScenarioPage key={route.id} index={index} route={route} onRoute={replace} />}
        {route.page === 'compare' && <Compare index={index} route={route} onRoute={replace} />}
        {route.page === 'guidance' && <Coverage index={index} />}
        {route.page === 'attacks' && <Attacks index={index} />}
        {route.page === 'matrix' && <Matrix index={index} />}
      </main>
      <KeyHelp dialog={help} />
    </>
  );
}
