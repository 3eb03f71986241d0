import type { PageEntry } from '../../page-data.ts';
import { counted } from '../format/counted.ts';
import { useNarrow } from '../use-narrow.ts';
import { Windowed } from '../windowed.tsx';
import { ScenarioRow } from './scenario-row.tsx';

/** The list of scenarios, one in each row. */
export function ScenarioList({ entries, total }: { readonly entries: readonly PageEntry[]; readonly total: number }) {
  const isNarrow = useNarrow();
  const count =
    entries.length === total ? counted(total, 'scenario') : `${entries.length} of ${counted(total, 'scenario')}`;
  return (
    <>
      <p class="told" role="status">
        {count}
      </p>
      {entries.length === 0 && <p class="empty">No scenario matches this filter.</p>}
      <div class="scenario-list" role="list" aria-label="Scenarios">
        <Windowed
          count={entries.length}
          rowHeight={isNarrow ? 92 : 60}
          rows={(first, end) =>
            entries
              .slice(first, end)
              .map((entry, index) => (
                <ScenarioRow key={entry.id} entry={entry} place={first + index + 1} count={entries.length} />
              ))
          }
        />
      </div>
    </>
  );
}
