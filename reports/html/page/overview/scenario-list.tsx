import { useEffect, useMemo, useState } from 'preact/hooks';
import type { PageEntry } from '../../page-data.ts';
import { counted } from '../format/counted.ts';
import { listMemory } from '../route/list-memory.ts';
import { onPrinting, printing } from '../printing.ts';
import { useNarrow } from '../use-narrow.ts';
import { Windowed } from '../windowed.tsx';
import { FileRow } from './file-row.tsx';
import { type FileGroup, groupEntries } from './group-entries.ts';
import { ScenarioRow } from './scenario-row.tsx';

interface Settings {
  readonly entries: readonly PageEntry[];
  readonly total: number;
  /** True if a filter is active. The user then looks for scenarios, so the list shows the variants of every file. */
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}

/** The list of scenarios: failures first, grouped by file. If all scenarios of a file passed, the list hides its variants. */
export function ScenarioList({ entries, total, isFiltered, onClear }: Settings) {
  const isNarrow = useNarrow();
  const groups = useMemo(() => groupEntries(entries), [entries]);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [isPrinted, setPrinted] = useState(false);
  useEffect(() => onPrinting(() => setPrinted(printing())), []);
  const isOpen = ({ file, worst }: FileGroup): boolean =>
    isPrinted || (isFiltered || worst === 'fail' || worst === 'unknown' || total <= fewScenarios) !== toggled.has(file);
  const rows = groups.length === 1 ? entryRows(groups) : groupRows(groups, isOpen);
  const heights = useMemo(
    () => rows.map((row) => heightOf(row, isNarrow)),
    [rows.length, entries, isFiltered, toggled, isNarrow, isPrinted],
  );
  listMemory.ids = groups.flatMap((group) => group.entries.map(({ id }) => id));
  const toggle = (file: string): void =>
    setToggled((now) => new Set(now.has(file) ? [...now].filter((one) => one !== file) : [...now, file]));
  const files = groups.length > 1 ? ` in ${counted(groups.length, 'file')}` : '';
  const count =
    entries.length === total ? counted(total, 'scenario') : `${entries.length} of ${counted(total, 'scenario')}`;
  return (
    <>
      <p class="told">
        <span role="status">{count}</span>
        {files}
      </p>
      {total === 0 && <p class="empty">This run has no scenario.</p>}
      {entries.length === 0 && total > 0 && (
        <p class="empty">
          No scenario matches this filter.{' '}
          <button type="button" class="link" onClick={onClear}>
            Clear the filter
          </button>
        </p>
      )}
      <div class="scenario-list" role="list" aria-label="Scenarios">
        <Windowed
          count={rows.length}
          rowHeight={heights}
          rows={(first, end) =>
            rows.slice(first, end).map((row, index) => {
              const place = { place: first + index + 1, count: rows.length };
              return row.entry === undefined ? (
                <FileRow
                  key={row.group.file}
                  group={row.group}
                  isOpen={isOpen(row.group)}
                  onToggle={() => toggle(row.group.file)}
                  {...place}
                />
              ) : (
                <ScenarioRow key={row.entry.id} entry={row.entry} {...place} />
              );
            })
          }
        />
      </div>
    </>
  );
}

/** A list of at most this number of scenarios fits on two screens, so it shows the variants of every file. */
const fewScenarios = 30;

interface Row {
  readonly group: FileGroup;
  /** The scenario variant in this row; undefined for the row of a file. */
  readonly entry: PageEntry | undefined;
}

/** Returns the height of a row in pixels. A scenario that did not pass has space for its whole title and reason. */
function heightOf({ entry }: Row, isNarrow: boolean): number {
  if (entry === undefined) return isNarrow ? 76 : 62;
  const isOpen = entry.verdict.kind === 'fail' || entry.verdict.kind === 'unknown';
  if (isNarrow) return isOpen ? 164 : 92;
  return isOpen ? 104 : 62;
}

function entryRows(groups: readonly FileGroup[]): readonly Row[] {
  return groups.flatMap((group) => group.entries.map((entry) => ({ group, entry })));
}

function groupRows(groups: readonly FileGroup[], isOpen: (group: FileGroup) => boolean): readonly Row[] {
  return groups.flatMap((group) => [{ group, entry: undefined }, ...(isOpen(group) ? entryRows([group]) : [])]);
}
