import type { PageIndex } from '../../page-data.ts';
import { hashOf } from '../route/route.ts';

/** Lists the attacks, and the scenarios that cover them. */
export function Attacks({ index }: { readonly index: PageIndex }) {
  const tried = index.attacks
    .map((card) => ({ card, entries: index.entries.filter(({ attack }) => attack === card.id) }))
    .filter(({ entries }) => entries.length > 0);
  return (
    <article class="guidance" aria-labelledby="title">
      <h1 id="title">Attacks</h1>
      <p class="told">
        The scenarios of this run cover {tried.length} of {index.attacks.length} attacks.
      </p>
      {tried.map(({ card, entries }) => (
        <section key={card.id} class="attack">
          <h2>{card.title}</h2>
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
    </article>
  );
}
