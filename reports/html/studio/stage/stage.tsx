import { useEffect, useState } from 'preact/hooks';
import type { Breakpoints, Pace, PlaySummary, StudioFiles } from '../../studio-api.ts';
import type { Api } from '../api.ts';
import { AudienceSwitch } from './audience-switch.tsx';
import { BreakpointForm } from './breakpoint-form.tsx';
import { ChoiceForm } from '../choose/choice-form.tsx';
import { Controls } from './controls.tsx';
import { Notes } from './notes.tsx';
import { noBreakpoints, paces } from './paces.ts';
import { PlayList } from './play-list.tsx';
import { Scene } from './scene.tsx';
import type { Draft } from '../choose/use-draft.ts';
import { useKeys } from '../use-keys.ts';
import { useTitleCard } from './use-title-card.ts';
import { usePlaying } from './use-playing.ts';

interface Settings {
  readonly api: Api;
  readonly files: StudioFiles | undefined;
  readonly draft: Draft;
  /** Number of the play; 0 if none has started yet. */
  readonly play: number;
  readonly plays: readonly PlaySummary[];
  /** Breakpoints of the running lesson; undefined without a lesson. */
  readonly preset: Breakpoints | undefined;
  /** The goal of the running lesson; empty without a lesson. */
  readonly goal: string;
  readonly onPlay: (play: number) => void;
  readonly onShow: (play: PlaySummary) => void;
  readonly onOver: () => void;
  readonly onTrouble: (error: unknown) => void;
}

/** The presenter's view of a scenario: notes, choices, controls, events and results. */
export function Stage({ api, files, draft, play, plays, preset, goal, onPlay, onShow, onOver, onTrouble }: Settings) {
  const [pace, setPace] = useState<Pace>(paces[0].pace);
  const [breakpoints, setBreakpoints] = useState<Breakpoints>(preset ?? noBreakpoints);
  useEffect(() => setBreakpoints(preset ?? noBreakpoints), [preset]);
  useTitleCard(api, { draft, text: goal, play, isBusy: plays.some((one) => one.state.kind !== 'over') });
  const [isOpen, setOpen] = useState(false);
  const playing = usePlaying(api, { play, plays, onOver, onTrouble });
  const { state } = playing.live;
  const { file, text, id, checked, good } = draft;
  const begin = (): void => {
    api
      .begin({ file, text, id, pace, breakpoints })
      .then((begun) => {
        onPlay(begun.play);
        if (isOpen) void api.show({ isRevealed: true });
      })
      .catch(onTrouble);
  };
  const order = (what: 'pause' | 'resume' | 'step' | 'stop'): void => {
    api.order(play, { do: what, ...(what === 'resume' ? { pace, breakpoints } : {}) }).catch(onTrouble);
  };
  const choosePace = (next: Pace): void => {
    setPace(next);
    if (state?.kind === 'playing') api.order(play, { do: 'resume', pace: next }).catch(onTrouble);
  };
  const open = (next: boolean): void => {
    setOpen(next);
    if (playing.isGoing) api.show({ play, isRevealed: next }).catch(onTrouble);
  };
  const elsewhere = plays.find((one) => one.play !== play && one.state.kind !== 'over');
  const canBegin = !playing.isGoing && elsewhere === undefined && checked?.mistakes.length === 0 && id !== '';
  useKeys({ state, canBegin, begin, order });
  const steps = good?.steps ?? [];
  return (
    <article class="studio-stage">
      <header class="stage-head">
        <h1>{good?.scenarios.find((one) => one.id === id)?.title ?? file}</h1>
        <p class="second">
          <code>{file}</code>
        </p>
      </header>
      <aside class="script" aria-label="Script">
        <Notes story={good?.story} teaches={good?.teaches} />
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
        <AudienceSwitch isOpen={isOpen} onChange={open} />
        <BreakpointForm files={files} steps={steps} value={breakpoints} onChange={setBreakpoints} />
        {elsewhere !== undefined && <Elsewhere play={elsewhere} onShow={onShow} />}
        <Scene api={api} play={play} playing={playing} steps={steps} />
        <PlayList plays={plays} play={play} onShow={onShow} />
      </section>
    </article>
  );
}

/** Names the running play, because no new play can start until it ends. */
function Elsewhere({ play, onShow }: { readonly play: PlaySummary; readonly onShow: (play: PlaySummary) => void }) {
  return (
    <p class="note">
      Run {play.play} has not ended yet, and only one scenario can run at a time: {play.title}.{' '}
      <button type="button" class="link" onClick={() => onShow(play)}>
        Show it
      </button>
    </p>
  );
}
