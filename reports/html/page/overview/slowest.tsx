import type { PageEntry } from '../../page-data.ts';
import { Fold } from '../fold.tsx';
import { hashOf } from '../route/route.ts';

/** Lists the scenarios with the longest real duration. */
export function Slowest({ entries }: { readonly entries: readonly PageEntry[] }) {
  const slowest = entries
    .filter(({ wallMs }) => wallMs > 0)
    .toSorted((a, b) => b.wallMs - a.wallMs)
    .slice(0, 10);
  if (slowest.length === 0) return null;
  return (
    <Fold title="Slowest" note={`up to ${((slowest[0]?.wallMs ?? 0) / 1000).toFixed(1)} s`}>
      <ol class="plain">
        {slowest.map(({ id, title, variant, wallMs }) => (
          <li key={id}>
            <a href={hashOf({ page: 'scenario', id, event: undefined })}>
              {title.includes(variant) ? title : `${title} (${variant})`}
            </a>{' '}
            <span class="tally">{(wallMs / 1000).toFixed(2)} s</span>
          </li>
        ))}
      </ol>
    </Fold>
  );
}
