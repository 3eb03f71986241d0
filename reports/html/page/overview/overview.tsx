import { useMemo } from 'preact/hooks';
import type { PageIndex } from '../../page-data.ts';
import { listMemory } from '../route/list-memory.ts';
import { type Filter, hashOf } from '../route/route.ts';
import { Changes } from './changes.tsx';
import { Durations } from './durations.tsx';
import { filterEntries } from './filter-entries.ts';
import { Filters } from './filters.tsx';
import { Refusals } from './refusals.tsx';
import { ScenarioList } from './scenario-list.tsx';
import { Skipped } from './skipped.tsx';
import { Slowest } from './slowest.tsx';
import { Summary } from './summary.tsx';
import { Troubles } from './troubles.tsx';

interface Settings {
  readonly index: PageIndex;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
}

/** All scenarios of a run: a summary, a list with a search field, and charts. */
export function Overview({ index, filter, onFilter }: Settings) {
  const entries = useMemo(() => filterEntries(index.entries, filter), [index, filter]);
  listMemory.address = hashOf({ page: 'overview', filter });
  return (
    <div class="overview">
      <Summary index={index} filter={filter} onFilter={onFilter} />
      <Troubles index={index} />
      <Changes index={index} />
      <section aria-labelledby="scenarios">
        <h2 id="scenarios">Scenarios</h2>
        <Filters entries={index.entries} topics={index.topics} filter={filter} onFilter={onFilter} />
        <ScenarioList
          entries={entries}
          total={index.entries.length}
          isFiltered={Object.keys(filter).length > 0}
          onClear={() => onFilter({})}
        />
      </section>
      <aside class="beside" aria-label="Charts of this run">
        <Refusals entries={entries} />
        <Durations entries={entries} />
        <Slowest entries={index.entries} />
        <Skipped entries={index.entries} />
      </aside>
    </div>
  );
}
