import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Run } from '../../../core/run/run.ts';
import { AttackBadge } from '../page/attack/attack-badge.tsx';
import { AttackTally } from '../page/attack/attack-tally.tsx';
import { Timeline } from '../page/scenario/timeline/timeline.tsx';
import { timelineRows } from '../page/scenario/timeline/timeline-rows.ts';
import { VerdictBadge } from '../page/verdict-badge.tsx';
import type { Audience, PlaySummary } from '../studio-api.ts';
import type { Api } from './api.ts';
import { Clock } from './stage/clock.tsx';
import { liveRun } from './stage/live-run.ts';
import { stepOutcomes } from '../page/scenario/step-outcomes.ts';
import { useLive } from './stage/use-live.ts';

/** The page for the audience: the events in large type, and the result after the presenter reveals it. */
export function AudienceApp({ api }: { readonly api: Api }) {
  const [audience, setAudience] = useState<Audience>({ play: 0, isRevealed: false });
  const [summary, setSummary] = useState<PlaySummary>();
  const [run, setRun] = useState<Run>();
  const { play, isRevealed } = audience;
  useEffect(() => {
    const look = (): void =>
      void api.audience().then(
        (next) => setAudience((now) => (now.play === next.play && now.isRevealed === next.isRevealed ? now : next)),
        () => {},
      );
    look();
    const timer = setInterval(look, 500);
    return () => clearInterval(timer);
  }, [api]);
  const live = useLive(api, play, String(isRevealed));
  const isOver = live.state?.kind === 'over';
  useEffect(() => {
    if (play === 0) return;
    api.play(play).then(setSummary, () => setSummary(undefined));
    if (isOver && isRevealed) api.run(play).then(setRun, () => setRun(undefined));
    else setRun(undefined);
  }, [api, play, isOver, isRevealed]);
  const shown = useMemo(
    () => run ?? (summary === undefined ? undefined : liveRun(summary, live.events)),
    [run, summary, live.events],
  );
  const rows = useMemo(() => timelineRows(shown?.history ?? []), [shown]);
  if (summary === undefined || live.state === undefined) {
    return (
      <main class="audience" id="main">
        <p class="empty">The play starts when the presenter presses Play.</p>
      </main>
    );
  }
  return (
    <main class="audience" id="main">
      <h1>{summary.title}</h1>
      <Clock state={live.state} steps={[]} />
      {run !== undefined && <Revealed run={run} />}
      {shown !== undefined && (
        <div class="frame" data-scrolls>
          <Timeline run={shown} rows={rows} chosen={rows.length - 1} onChoose={() => {}} isFramed />
        </div>
      )}
    </main>
  );
}

function Revealed({ run }: { readonly run: Run }) {
  return (
    <section class="outcome" aria-labelledby="outcome">
      <h2 id="outcome">
        Result <VerdictBadge kind={run.verdict.kind} />
      </h2>
      <AttackTally run={run} />
      <ul>
        {stepOutcomes(run).map(({ verdict, devices, attack }) => (
          <li key={`${verdict.step} ${verdict.line} ${devices[0]}`}>
            {attack !== undefined && <AttackBadge result={attack} />}
            {verdict.step + 1} · {verdict.name} ·{' '}
            {devices.length > 2 ? `${devices.length} devices` : devices.join(', ')}: {verdict.happened}
          </li>
        ))}
      </ul>
      {run.teaches !== undefined && (
        <p class="teaches">
          <b>Lesson:</b> {run.teaches}
        </p>
      )}
    </section>
  );
}
