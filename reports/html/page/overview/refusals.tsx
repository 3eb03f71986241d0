import type { PageEntry } from '../../page-data.ts';
import { Bars } from './bars.tsx';

/**
 * A chart of the checks that refused devices, with the number of scenarios for each. Each bar links to the scenarios in which its check
 * refused a device.
 */
export function Refusals({ entries }: { readonly entries: readonly PageEntry[] }) {
  const counts = new Map<string, number>();
  for (const check of entries.flatMap(({ checks }) => checks)) counts.set(check, (counts.get(check) ?? 0) + 1);
  const bars = [...counts]
    .toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b, 'en'))
    .slice(0, most)
    .map(([check, count]) => ({ name: check, size: count, text: String(count), filter: { text: `check:${check}` } }));
  return <Bars title="Checks that refused devices" unit="scenarios" bars={bars} />;
}

const most = 8;
