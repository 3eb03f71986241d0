import { VerdictBadge } from '../../page/verdict-badge.tsx';
import type { PlaySummary } from '../../studio-api.ts';

interface Settings {
  readonly plays: readonly PlaySummary[];
  /** Number of the displayed play; 0 if no play is displayed. */
  readonly play: number;
  readonly onShow: (play: PlaySummary) => void;
}

/** Lists the plays, the newest first, with links to show and to compare them. */
export function PlayList({ plays, play, onShow }: Settings) {
  if (plays.length === 0) return null;
  const others = plays.toReversed();
  const isOver = plays.some((one) => one.play === play && one.verdict !== undefined);
  return (
    <section class="plays" aria-labelledby="plays">
      <h2 id="plays">Runs</h2>
      <ol reversed>
        {others.map((one) => (
          <li key={one.play} aria-current={one.play === play ? 'true' : undefined}>
            <p>
              <b>{one.title}</b>{' '}
              {one.verdict === undefined ? (
                <span class="mark">{one.state.kind === 'paused' ? 'paused' : 'running'}</span>
              ) : (
                <VerdictBadge kind={one.verdict.kind} />
              )}
            </p>
            <p class="second">
              run {one.play}
              {!one.title.includes(one.variant) && ` · ${one.variant}`}
              {one.changed.length > 0 && ` · changed: ${one.changed.join('; ')}`}
              {one.isGuestPlayed && ' · a guest acted as the attacker'}
            </p>
            <p class="play-ways">
              {one.play === play ? (
                <span class="second">shown above</span>
              ) : (
                <button type="button" class="link" onClick={() => onShow(one)}>
                  Show run {one.play}
                </button>
              )}
              {one.play !== play && one.verdict !== undefined && isOver && (
                <a href={`#compare/${one.play}/${play}`}>compare with run {play}</a>
              )}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
