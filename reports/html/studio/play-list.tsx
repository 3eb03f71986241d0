import { VerdictBadge } from '../page/verdict-badge.tsx';
import type { PlaySummary } from '../studio-api.ts';

/** What has been played, the newest first, and the way to see two of them beside each other. */
export function PlayList({ plays, play }: { readonly plays: readonly PlaySummary[]; readonly play: number }) {
  if (plays.length === 0) return null;
  const others = plays.toReversed();
  return (
    <section class="plays" aria-labelledby="plays">
      <h2 id="plays">Played</h2>
      <ol reversed>
        {others.map((one) => (
          <li key={one.play} class={one.play === play ? 'chosen' : ''}>
            <p>
              <b>{one.title}</b> {one.verdict !== undefined && <VerdictBadge kind={one.verdict.kind} />}
            </p>
            <p class="second">
              play {one.play}
              {one.variant !== '' && ` · ${one.variant}`}
              {one.changed.length > 0 && ` · changed: ${one.changed.join('; ')}`}
              {one.isGuestPlayed && ' · a guest took the seat of the attacker'}
              {one.play !== play && play !== 0 && (
                <>
                  {' · '}
                  <a href={`#compare/${one.play}/${play}`}>beside play {play}</a>
                </>
              )}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
