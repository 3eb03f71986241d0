import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Run } from '../../../../core/run/run.ts';
import { dayText } from '../../../sentences/day-text.ts';
import { withSpokenDurations } from '../../../sentences/with-spoken-durations.ts';
import type { Audience, PlayState, PlaySummary } from '../../studio-api.ts';
import type { Api } from '../api.ts';
import { useTimeIn } from '../stage/clock.tsx';
import { liveRun } from '../stage/live-run.ts';
import { useLive } from '../stage/use-live.ts';
import { Beside } from './beside.tsx';
import { BetCard } from './bet-card.tsx';
import { CertificateBars } from './certificate-bars.tsx';
import { DecidingPanel } from './deciding-panel.tsx';
import { Revealed } from './revealed.tsx';
import { StageEvents } from './stage-events.tsx';
import { stageFacts } from './stage-facts.ts';
import { StagePicture } from './stage-picture.tsx';
import { TitleCardView } from './title-card-view.tsx';
import { useAudience } from './use-audience.ts';

/**
 * The page for the audience: a picture that shows where the device is. After the presenter reveals the result, the page shows the result.
 */
export function AudienceApp({ api }: { readonly api: Api }) {
  const audience = useAudience(api);
  const { play, isRevealed, beside, bet } = audience;
  const [summary, setSummary] = useState<PlaySummary>();
  const [run, setRun] = useState<Run>();
  const live = useLive(api, play, String(isRevealed));
  const isOver = live.state?.kind === 'over';
  useEffect(() => {
    if (play === 0) return setSummary(undefined);
    api.play(play).then(setSummary, () => setSummary(undefined));
    if (isOver && isRevealed) api.run(play).then(setRun, () => setRun(undefined));
    else setRun(undefined);
  }, [api, play, isOver, isRevealed]);
  const isTwo = isRevealed && beside !== undefined && beside !== 0 && beside !== play;
  return (
    <main class="audience" id="main">
      {play === 0 || summary === undefined || live.state === undefined ? (
        <TitleCardView audience={audience} />
      ) : isTwo ? (
        <Beside api={api} one={play} other={beside} />
      ) : (
        <Stage {...{ audience, summary, run }} state={live.state} events={live.events} />
      )}
      {bet && <BetCard bet={bet} />}
    </main>
  );
}

interface StageSettings {
  readonly audience: Audience;
  readonly summary: PlaySummary;
  /** The run; undefined until the play is over and the presenter has revealed its result. */
  readonly run: Run | undefined;
  readonly state: PlayState;
  readonly events: Run['history'];
}

function Stage({ audience, summary, run, state, events }: StageSettings) {
  const shown = useMemo(() => run ?? liveRun(summary, events), [run, summary, events]);
  const facts = useMemo(() => stageFacts(shown.history), [shown]);
  const now = useTimeIn(state);
  return (
    <>
      <header class="stage-top">
        <h1>{withSpokenDurations(summary.title)}</h1>
        <StageClock state={state} now={now} />
      </header>
      {run !== undefined && <Revealed run={run} />}
      {audience.isRevealed && facts.refusal !== undefined && <DecidingPanel refusal={facts.refusal} />}
      <StagePicture facts={facts} />
      <CertificateBars certificates={facts.certificates} now={now} />
      <StageEvents events={shown.history} />
    </>
  );
}

function StageClock({ state: { kind }, now }: { readonly state: PlayState; readonly now: number }) {
  const words = { playing: 'Playing', paused: 'Paused', over: 'Ended' } as const;
  return (
    <p class="stage-clock">
      <b>{dayText(now)}</b> <strong role="status">{words[kind]}</strong>
    </p>
  );
}
