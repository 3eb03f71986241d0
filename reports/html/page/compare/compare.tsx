import { useEffect, useState } from 'preact/hooks';
import type { Run } from '../../../../core/run/run.ts';
import type { PageIndex } from '../../page-data.ts';
import { openRun } from '../open-blocks.ts';
import { hashOf, type Route } from '../route/route.ts';
import { ComparedRuns } from './compared-runs.tsx';
import { RunChoice } from './run-choice.tsx';

interface Settings {
  readonly index: PageIndex;
  readonly route: Route & { readonly page: 'compare' };
  readonly onRoute: (route: Route) => void;
}

/** Shows two scenarios side by side. */
export function Compare({ index, route, onRoute }: Settings) {
  const one = useRun(index, route.one);
  const other = useRun(index, route.other);
  const words = wordsOf(index, route);
  return (
    <article class="compare">
      <h1>Compare</h1>
      <div class="choices">
        <RunChoice
          name={words?.[0] ?? 'Left'}
          index={index}
          id={route.one}
          onChoose={(id) => onRoute({ ...route, one: id })}
        />
        <RunChoice
          name={words?.[1] ?? 'Right'}
          index={index}
          id={route.other}
          onChoose={(id) => onRoute({ ...route, other: id })}
        />
      </div>
      {one === undefined || other === undefined ? (
        <p class="empty">Choose two scenarios to compare.</p>
      ) : (
        <ComparedRuns
          one={one}
          other={other}
          words={words}
          href={(run) => hashOf({ page: 'scenario', id: run === one ? route.one : route.other, event: undefined })}
        />
      )}
    </article>
  );
}

/** Returns the labels `Earlier` and `Now` for the two sides. Returns undefined unless exactly one side shows the earlier run. */
function wordsOf({ earlier }: PageIndex, { one, other }: Settings['route']): readonly [string, string] | undefined {
  const [isOneThen, isOtherThen] = [one, other].map((id) => earlier.some((entry) => entry.id === id));
  if (isOneThen === isOtherThen) return undefined;
  return isOneThen ? ['Earlier', 'Now'] : ['Now', 'Earlier'];
}

function useRun(index: PageIndex, id: string): Run | undefined {
  const [opened, setOpened] = useState<{ readonly id: string; readonly run: Run }>();
  useEffect(() => {
    const entry = [...index.entries, ...index.earlier].find((one) => one.id === id);
    if (entry === undefined) return setOpened(undefined);
    openRun(entry).then(
      (run) => setOpened({ id, run }),
      () => setOpened(undefined),
    );
  }, [id]);
  return opened?.id === id ? opened.run : undefined;
}
