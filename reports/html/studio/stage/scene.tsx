import type { StudioStep } from '../../studio-api.ts';
import type { Api } from '../api.ts';
import { Clock } from './clock.tsx';
import { Happenings } from './happenings.tsx';
import { Outcome } from './outcome.tsx';
import { AttackerConsole } from './attacker-console.tsx';
import type { usePlaying } from './use-playing.ts';

interface Settings {
  readonly api: Api;
  /** Number of the play; 0 if none has started yet. */
  readonly play: number;
  readonly playing: ReturnType<typeof usePlaying>;
  readonly steps: readonly StudioStep[];
}

/** Shows a play: its time, its events and its result. */
export function Scene({ api, play, playing, steps }: Settings) {
  const { live, run, shown } = playing;
  const { state, events, trouble } = live;
  const problem = trouble !== undefined && (
    <p class="trouble" role="alert">
      {trouble}
    </p>
  );
  if (state === undefined)
    return problem || <p class="empty">The scenario has not started yet. Press Play or Space.</p>;
  const isOver = state.kind === 'over';
  return (
    <>
      {problem}
      <Clock state={state} steps={steps} />
      {isOver && run !== undefined && <Outcome api={api} play={play} run={run} />}
      {state.isSeatFree && <AttackerConsole api={api} play={play} events={events} />}
      {shown !== undefined && <Happenings key={play} run={shown} isOver={isOver} />}
    </>
  );
}
