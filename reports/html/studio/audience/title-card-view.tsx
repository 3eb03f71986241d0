import type { Audience } from '../../studio-api.ts';

/** Shows the card with the title of the scenario, which the audience sees before a play. */
export function TitleCardView({ audience: { card } }: { readonly audience: Audience }) {
  return (
    <section class="title-card">
      <p class="second">Rehearsal</p>
      <h1>{card?.title ?? 'The next scenario is being prepared'}</h1>
      {card?.text !== undefined && card.text !== '' && <p>{card.text}</p>}
      <p class="empty">The scenario starts when the presenter presses Play.</p>
    </section>
  );
}
