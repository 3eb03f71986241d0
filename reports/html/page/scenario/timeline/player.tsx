import { dayText } from '../../../../sentences/day-text.ts';
import { timeText } from '../../format/instant.ts';
import type { Run } from '../../../../../core/run/run.ts';
import type { Row } from './timeline-rows.ts';
import { type Player as Playing, type PlayerPace, playerPaces } from './use-player.ts';

interface Settings {
  readonly player: Playing;
  readonly run: Run;
  readonly rows: readonly Row[];
  /** Index of the selected row; -1 if none is selected. */
  readonly chosen: number;
  readonly onChoose: (row: number) => void;
}

/** Buttons and a slider to move through the events. */
export function Player({ player, run, rows, chosen, onChoose }: Settings) {
  const row = rows[chosen];
  const count = rows.length;
  const total = run.history.length.toLocaleString('en');
  return (
    <div class="player" role="group" aria-label="Player">
      <div class="buttons">
        <button type="button" onClick={() => player.step(-count)} aria-label="First event" disabled={chosen <= 0}>
          <span aria-hidden="true">⇤</span>
        </button>
        <button type="button" onClick={() => player.step(-1)} aria-label="Previous event" disabled={chosen <= 0}>
          <span aria-hidden="true">←</span>
        </button>
        <button
          type="button"
          class="main"
          onClick={() => player.toggle()}
          aria-label={player.isPlaying ? 'Pause' : 'Play'}
        >
          {player.isPlaying ? 'Pause' : 'Play'}
        </button>
        <button type="button" onClick={() => player.step(1)} aria-label="Next event" disabled={chosen >= count - 1}>
          <span aria-hidden="true">→</span>
        </button>
        <button type="button" onClick={() => player.step(count)} aria-label="Last event" disabled={chosen >= count - 1}>
          <span aria-hidden="true">⇥</span>
        </button>
      </div>
      <label class="pace">
        <span class="unseen">Pace</span>
        <select value={player.pace} onChange={(event) => player.setPace(event.currentTarget.value as PlayerPace)}>
          {Object.entries(playerPaces).map(([pace, words]) => (
            <option key={pace} value={pace}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <input
        type="range"
        min={0}
        max={count - 1}
        value={Math.max(0, chosen)}
        aria-label="Position in the timeline"
        aria-valuetext={
          row === undefined ? 'before the first event' : `event ${row.event + 1} of ${total}: ${row.text}`
        }
        onInput={(event) => onChoose(Number(event.currentTarget.value))}
      />
      <p class="place">
        {row === undefined ? (
          `${total} events`
        ) : (
          <>
            <b>{dayText(row.at)}</b> {timeText(row.at)}{' '}
            <span class="second">
              event {(row.event + 1).toLocaleString('en')} of {total}
            </span>
          </>
        )}
      </p>
    </div>
  );
}
