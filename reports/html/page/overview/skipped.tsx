import { groupBy } from '../../../../core/findings/signals/group-by.ts';
import type { PageEntry } from '../../page-data.ts';
import { Fold } from '../fold.tsx';
import { hashOf } from '../route/route.ts';

/** Lists the skipped scenarios by reason. */
export function Skipped({ entries }: { readonly entries: readonly PageEntry[] }) {
  const skipped = entries.filter(({ verdict }) => verdict.kind === 'skipped');
  if (skipped.length === 0) return null;
  const reasons = groupBy(skipped, ({ verdict }) => verdict.reason);
  return (
    <Fold title="Skipped" note={`${skipped.length}`} open>
      {[...reasons].map(([reason, ours]) => (
        <section key={reason}>
          <p>{reason}</p>
          <ul>
            {ours.slice(0, listed).map(({ id, title, variant }) => (
              <li key={id}>
                <a href={hashOf({ page: 'scenario', id, event: undefined })}>
                  {title.includes(variant) ? title : `${title} (${variant})`}
                </a>
              </li>
            ))}
          </ul>
          {ours.length > listed && <p class="second">and {ours.length - listed} more</p>}
        </section>
      ))}
    </Fold>
  );
}

const listed = 50;
