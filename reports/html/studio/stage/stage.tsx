import { useState } from 'preact/hooks';
import type { Breakpoints, Pace, PlaySummary, StudioFiles } from '../../studio-api.ts';
import type { Api } from '../api.ts';
import { BreakpointForm } from './breakpoint-form.tsx';
import { ChoiceForm } from '../choose/choice-form.tsx';
import { Controls } from './controls.tsx';
import { Notes } from './notes.tsx';
import { noBreakpoints, paces } from './paces.ts';
import { PlayList } from './play-list.tsx';
import { Scene } from './scene.tsx';
import type { Draft } from '../choose/use-draft.ts';
import { useKeys } from '../use-keys.ts';
import { usePlaying } from './use-playing.ts';

interface Settings {
  readonly api: Api;
  readonly files: StudioFiles | undefined;
  readonly draft: Draft;
  /** Number of the play; 0 if none has started yet. */
  readonly play: number;
  readonly plays: readonly PlaySummary[];
  readonly onPlay: (play: number) => void;
  readonly onShow: (play: PlaySummary) => void;
  readonly onOver: () => void;
  readonly onTrouble: (error: unknown) => void;
}

/** The stage: notes, choices, controls, events and results of a scenario. */
export function Stage({ api, files, draft, play, plays, onPlay, onShow, onOver, onTrouble }: Settings) {
  const [pace, setPace] = useState<Pace>(paces[0].pace);
  const [breakpoints, setBreakpoints] = useState<Breakpoints>(noBreakpoints);
  const playing = usePlaying(api, { play, plays, onOver, onTrouble });
  const { state } = playing.live;
  const { file, text, id, checked } = draft;
  const begin = (): void => {
    api.begin({ file, text, id, pace, breakpoints }).then((begun) => onPlay(begun.play), onTrouble);
  };
  const order = (what: 'pause' | 'resume' | 'step' | 'stop'): void => {
    api.order(play, { do: what, ...(what === 'resume' ? { pace, breakpoints } : {}) }).catch(onTrouble);
  };
  const choosePace = (next: Pace): void => {
    setPace(next);
    if (state?.kind === 'playing') api.order(play, { do: 'resume', pace: next }).catch(onTrouble);
  };
  const elsewhere = plays.find((one) => one.play !== play && one.state.kind !== 'over');
  const canBegin = !playing.isGoing && elsewhere === undefined && checked?.mistakes.length === 0 && id !== '';
  useKeys({ state, canBegin, begin, order });
  const steps = checked?.steps ?? [];
  return (
    <article class="studio-stage">
      <header class="stage-head">
        <h1>{checked?.scenarios.find((one) => one.id === id)?.title ?? file}</h1>
        <p class="second">
          <code>{file}</code>
        </p>
      </header>
      <aside class="script" aria-label="Script">
        <Notes story={checked?.story} teaches={checked?.teaches} />
        <ChoiceForm draft={draft} isLocked={playing.isGoing} />
      </aside>
      <section class="scene" aria-label="Stage">
        <Controls
          {...{ state, pace, canBegin }}
          isAgain={play !== 0}
          onPace={choosePace}
          onBegin={begin}
          onOrder={order}
        />
        <BreakpointForm files={files} steps={steps} value={breakpoints} onChange={setBreakpoints} />
        {elsewhere !== undefined && (
          <p class="note">
            Play {elsewhere.play} is still running, and only one play can run at a time: {elsewhere.title}.{' '}
            <button type="button" class="link" onClick={() => onShow(elsewhere)}>
              Show it
            </button>
          </p>
        )}
        <Scene api={api} play={play} playing={playing} steps={steps} />
        <PlayList plays={plays} play={play} onShow={onShow} />
      </section>
    </article>
  );
}
