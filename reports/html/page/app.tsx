import { useEffect, useRef } from 'preact/hooks';
import type { PageIndex } from '../page-data.ts';
import { Compare } from './compare/compare.tsx';
import { Header } from './header.tsx';
import { Overview } from './overview/overview.tsx';
import { ScenarioPage } from './scenario/scenario-page.tsx';
import { useRoute } from './use-route.ts';

/** The whole page: a header, and the content for the address. */
export function App({ index }: { readonly index: PageIndex }) {
  const [route, replace] = useRoute();
  const main = useRef<HTMLElement>(null);
  const shown = route.page === 'scenario' ? `scenario ${route.id}` : route.page;
  const before = useRef(shown);
  useEffect(() => {
    if (before.current === shown) return;
    before.current = shown;
    scrollTo(0, 0);
    // Screen readers and keyboard users continue at the start of the new page.
    main.current?.focus({ preventScroll: true });
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
      </main>
    </>
  );
}
