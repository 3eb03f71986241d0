import { useEffect, useRef } from 'preact/hooks';
import type { Run } from '../../../../core/run/run.ts';
import { useNarrow } from '../use-narrow.ts';
import { Detail } from './event/detail.tsx';
import { FindEvent } from './timeline/find-event.tsx';
import { Player } from './timeline/player.tsx';
import { StepList } from './timeline/step-list.tsx';
import { Timeline } from './timeline/timeline.tsx';
import type { Row } from './timeline/timeline-rows.ts';
import { TimeStrip } from './timeline/time-strip.tsx';
import { usePlayer } from './timeline/use-player.ts';
import { useNextRefusal } from './use-next-refusal.ts';

interface Settings {
  readonly run: Run;
  readonly rows: readonly Row[];
  /** Index of the selected row; -1 if none is selected. */
  readonly chosen: number;
  readonly onChoose: (row: number) => void;
  /** Goes to an event; the index counts from 0. */
  readonly onEvent: (event: number) => void;
}

/** The events of a run: an overview of the time, the steps, the list of events, and the details of the selected event. */
export function Trace({ run, rows, chosen, onChoose, onEvent }: Settings) {
  const isNarrow = useNarrow();
  const section = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const event = rows[chosen]?.event;
  const player = usePlayer(rows.length, chosen, onChoose, (row) => rows[row]?.at ?? 0);
  useNextRefusal(run.history, event, onEvent);
  useEffect(() => {
    // When the page opens, it stays at its top, where the reason is. When the user then selects an event, the page scrolls so that all
    // panes are visible.
    if (isFirst.current) isFirst.current = false;
    else if (!isNarrow && (section.current?.getBoundingClientRect().bottom ?? 0) > innerHeight) {
      section.current?.scrollIntoView({ block: 'end', behavior: 'instant' });
    }
  }, [chosen]);
  const timeline = <Timeline run={run} rows={rows} chosen={chosen} onChoose={onChoose} isFramed={!isNarrow} />;
  return (
    <section class="trace" aria-labelledby="what-happened" ref={section}>
      <div class="trace-head">
        <h2 id="what-happened">Events</h2>
        <FindEvent rows={rows} chosen={chosen} onChoose={onChoose} />
      </div>
      <TimeStrip rows={rows} chosen={chosen} onChoose={onChoose} />
      <Player player={player} rows={rows} chosen={chosen} onChoose={onChoose} />
      <div class="panes">
        <StepList run={run} rows={rows} chosen={chosen} onChoose={onChoose} />
        {isNarrow ? (
          timeline
        ) : (
          <div class="frame" data-scrolls>
            {timeline}
          </div>
        )}
        <Detail run={run} event={event} onEvent={onEvent} />
      </div>
    </section>
  );
}
