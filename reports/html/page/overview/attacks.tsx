import type { PageIndex } from '../../page-data.ts';
import { Fold } from '../fold.tsx';
import { hashOf } from '../route.ts';

/** Lists the attacks, and the scenarios that cover them. */
export function Attacks({ index }: { readonly index: PageIndex }) {
  const tried = index.attacks
    .map((card) => ({ card, entries: index.entries.filter(({ attack }) => attack === card.id) }))
    .filter(({ entries }) => entries.length > 0);
  if (tried.length === 0) return null;
  return (
    <Fold title="Attacks" note={`${tried.length} of ${index.attacks.length} covered`}>
      {tried.map(({ card, entries }) => (
        <section key={card.id} class="attack">
          <h3>{card.title}</h3>
          <dl>
            <dt>Needs</dt>
            <dd>{card.needs}</dd>
            <dt>Does</dt>
            <dd>{card.does}</dd>
            <dt>Seen</dt>
            <dd>{card.seen}</dd>
            <dt>Cleanup</dt>
            <dd>{card.cleanup}</dd>
          </dl>
          <ul>
            {entries.map(({ id, title, variant }) => (
              <li key={id}>
                <a href={hashOf({ page: 'scenario', id, event: undefined })}>
                  {title.includes(variant) ? title : `${title} (${variant})`}
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Fold>
  );
}
