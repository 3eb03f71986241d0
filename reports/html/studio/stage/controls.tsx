import type { Pace, PlayState } from '../../studio-api.ts';
import { paces } from './paces.ts';

interface Settings {
  readonly state: PlayState | undefined;
  readonly pace: Pace;
  readonly canBegin: boolean;
  /** True if the scenario was played before. */
  readonly isAgain: boolean;
  readonly onPace: (pace: Pace) => void;
  readonly onBegin: () => void;
  readonly onOrder: (what: 'pause' | 'resume' | 'step' | 'stop') => void;
}

/** Buttons to play, pause, step and stop, and a menu for the pace. */
export function Controls({ state, pace, canBegin, isAgain, onPace, onBegin, onOrder }: Settings) {
  const isGoing = state !== undefined && state.kind !== 'over';
  const chosen = paces.find((one) => JSON.stringify(one.pace) === JSON.stringify(pace));
  return (
    <div class="controls" role="group" aria-label="Controls">
      {!isGoing && (
        <button type="button" class="main" disabled={!canBegin} onClick={onBegin}>
          {isAgain ? 'Play again' : 'Play'}
        </button>
      )}
      {state?.kind === 'playing' && (
        <button type="button" class="main" onClick={() => onOrder('pause')}>
          Pause
        </button>
      )}
      {state?.kind === 'paused' && (
        <button type="button" class="main" onClick={() => onOrder('resume')}>
          Resume
        </button>
      )}
      <button type="button" disabled={state?.kind !== 'paused'} onClick={() => onOrder('step')}>
        Step
      </button>
      <button type="button" disabled={!isGoing} onClick={() => onOrder('stop')}>
        Stop
      </button>
      <label class="pace">
        <span>Pace</span>
        <select
          value={chosen?.word}
          onChange={(event) => {
            const next = paces.find(({ word }) => word === event.currentTarget.value);
            if (next !== undefined) onPace(next.pace);
          }}
        >
          {paces.map(({ word, name }) => (
            <option key={word} value={word}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p class="second keys">
        <kbd>Space</kbd> plays and pauses, <kbd>.</kbd> (full stop) runs one step
      </p>
    </div>
  );
}
