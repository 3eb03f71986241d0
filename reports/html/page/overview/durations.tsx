import { groupBy } from '../../../../core/findings/signals/group-by.ts';
import type { PageEntry } from '../../page-data.ts';
import { Bars } from './bars.tsx';

/** A chart of the real time that each folder of scenarios took. Each bar links to the scenarios of its folder. */
export function Durations({ entries }: { readonly entries: readonly PageEntry[] }) {
  const folders = [...groupBy(entries, ({ file }) => file.split('/').slice(0, -1).join('/'))]
    .map(([folder, ours]) => ({ folder, ms: ours.reduce((sum, { wallMs }) => sum + wallMs, 0) }))
    .filter(({ folder, ms }) => folder !== '' && ms > 0)
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, most);
  const bars = folders.map(({ folder, ms }) => ({
    name: folder.split('/').slice(-2).join('/'),
    size: ms,
    text: `${(ms / 1000).toFixed(1)} s`,
    filter: { text: `file:${/\s/.test(folder) ? `"${folder}/"` : `${folder}/`}` },
  }));
  return <Bars title="Real time by folder" unit="seconds" bars={bars} />;
}

const most = 8;
