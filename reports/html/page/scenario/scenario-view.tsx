import { useMemo } from 'preact/hooks';
import type { Run } from '../../../../core/run/run.ts';
import type { PageEntry, PageIndex } from '../../page-data.ts';
import type { Route } from '../route.ts';
import { Detail } from './event/detail.tsx';
import { More } from './more.tsx';
import { Player } from './timeline/player.tsx';
import { ScenarioHead } from './scenario-head.tsx';
import { decisiveEvent } from './decisive-event.ts';
import { Steps } from './steps.tsx';
import { Timeline } from './timeline/timeline.tsx';
import { timelineRows } from './timeline/timeline-rows.ts';
import { usePlayer } from './timeline/use-player.ts';
import { useNextRefusal } from './use-next-refusal.ts';
import { WhyCard } from './why-card.tsx';

interface Settings {
  readonly index: PageIndex;
  readonly entry: PageEntry;
  readonly run: Run;
  readonly route: Route & { readonly page: 'scenario' };
  readonly onRoute: (route: Route) => void;
}

/** A scenario: expected and actual results, and all events. */
export function ScenarioView({ index, entry, run, route, onRoute }: Settings) {
  const rows = useMemo(() => timelineRows(run.history), [run]);
  const decisive = useMemo(() => decisiveEvent(run), [run]);
  // The page of a run that did not pass opens at the event that decided the verdict.
  const chosen = rowAt(rows, route.event ?? (decisive === undefined ? undefined : decisive + 1));
  const choose = (row: number): void => {
    const event = rows[row]?.event;
    if (event !== undefined) onRoute({ ...route, event: event + 1 });
  };
  const player = usePlayer(rows.length, chosen, choose, (row) => rows[row]?.at ?? 0);
  const chooseEvent = (event: number): void => choose(rowAt(rows, event + 1));
  const event = rows[chosen]?.event;
  useNextRefusal(run.history, event, chooseEvent);
  return (
    <article class="scenario">
      <ScenarioHead index={index} entry={entry} run={run} />
      <WhyCard entry={entry} run={run} decisive={decisive} onEvent={chooseEvent} />
      <Steps index={index} run={run} onEvent={chooseEvent} />
      <More run={run} onEvent={chooseEvent} />
      {rows.length === 0 ? (
        <p class="empty">No events: {run.verdict.reason}</p>
      ) : (
        <section class="play" aria-labelledby="what-happened">
          <h2 id="what-happened">What happened</h2>
          <Player player={player} rows={rows} chosen={chosen} onChoose={choose} />
          <div class="stage">
            <Timeline run={run} rows={rows} chosen={chosen} onChoose={choose} />
            <Detail run={run} event={event} onEvent={chooseEvent} />
          </div>
        </section>
      )}
    </article>
  );
}

/** Returns the row of an event, or of the next event with a row; -1 if `event` is undefined. `event` counts from 1. */
function rowAt(rows: readonly { readonly event: number }[], event: number | undefined): number {
  if (event === undefined) return -1;
  const row = rows.findIndex((one) => one.event >= event - 1);
  return row < 0 ? rows.length - 1 : row;
}
