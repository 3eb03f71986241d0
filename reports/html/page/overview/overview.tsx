import { useMemo } from 'preact/hooks';
import type { PageIndex } from '../../page-data.ts';
import type { Filter } from '../route.ts';
import { Attacks } from './attacks.tsx';
import { Changes } from './changes.tsx';
import { Coverage } from './coverage.tsx';
import { filterEntries } from './filter-entries.ts';
import { Filters } from './filters.tsx';
import { Matrix } from './matrix.tsx';
import { NoMatrix } from './no-matrix.tsx';
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

/** All scenarios of a run: a summary, and a list with filters. */
export function Overview({ index, filter, onFilter }: Settings) {
  const entries = useMemo(() => filterEntries(index.entries, filter), [index, filter]);
  return (
    <div class="overview">
      <Summary index={index} filter={filter} onFilter={onFilter} />
      <Troubles index={index} />
      <Changes index={index} />
      <Matrix index={index} />
      <section aria-labelledby="scenarios">
        <h2 id="scenarios">Scenarios</h2>
        <Filters entries={index.entries} topics={index.topics} filter={filter} onFilter={onFilter} />
        <ScenarioList entries={entries} total={index.entries.length} />
      </section>
      <aside class="beside" aria-label="More about this run">
        <Coverage index={index} />
        <Attacks index={index} />
        {index.matrix === null && <NoMatrix />}
        <Slowest entries={index.entries} />
        <Skipped entries={index.entries} />
      </aside>
    </div>
  );
}
