import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Run } from '../../../../core/run/run.ts';
import { useNarrow } from '../use-narrow.ts';
import { Detail } from './event/detail.tsx';
import { FindEvent } from './timeline/find-event.tsx';
import { Player } from './timeline/player.tsx';
import { rowAt } from './timeline/row-at.ts';
import { StepList } from './timeline/step-list.tsx';
import { Timeline } from './timeline/timeline.tsx';
import { timelineRows } from './timeline/timeline-rows.ts';
import { TimeStrip } from './timeline/time-strip.tsx';
import { useFolding } from './timeline/use-folding.ts';
import { usePlayer } from './timeline/use-player.ts';
import { ZoomButtons } from './timeline/zoom-buttons.tsx';
import { useNextRefusal } from './use-next-refusal.ts';

interface Settings {
  readonly run: Run;
  /** Index of the selected event in the history, from 0; undefined if none is selected. */
  readonly event: number | undefined;
  /** Goes to an event; the index counts from 0. */
  readonly onEvent: (event: number) => void;
}

/** The events of a run: an overview of the time, the steps, the list of events, and the details of the selected event. */
export function Trace({ run, event, onEvent }: Settings) {
  const isNarrow = useNarrow();
  const section = useRef<HTMLElement>(null);
  const [zoom, setZoom] = useState(1);
  const rows = useMemo(() => timelineRows(run.history), [run]);
  const chosen = rowAt(rows, event);
  const { shown, hasRepeats, isFolding, setFolding, toggle } = useFolding(rows, chosen);
  const shownChosen = rowAt(shown, rows[chosen]?.event);
  const choose = (list: readonly { readonly event: number }[]) => (row: number) => {
    const next = list[row]?.event;
    if (next !== undefined) onEvent(next);
  };
  const player = usePlayer(shown.length, shownChosen, choose(shown), (row) => shown[row]?.at ?? 0);
  useNextRefusal(run.history, rows[chosen]?.event, onEvent);
  useScrollToPanes(section, chosen, isNarrow);
  const timeline = (
    <Timeline
      run={run}
      rows={shown}
      chosen={shownChosen}
      onChoose={choose(shown)}
      isFramed={!isNarrow}
      onToggle={toggle}
    />
  );
  return (
    <section class="trace" aria-labelledby="what-happened" ref={section}>
      <div class="trace-head">
        <h2 id="what-happened">Events</h2>
        <FindEvent rows={rows} chosen={chosen} onChoose={choose(rows)} />
        {hasRepeats && (
          <label class="check">
            <input type="checkbox" checked={isFolding} onChange={(input) => setFolding(input.currentTarget.checked)} />{' '}
            Fold repeats
          </label>
        )}
        <ZoomButtons count={rows.length} zoom={zoom} onZoom={setZoom} />
      </div>
      <TimeStrip rows={rows} chosen={chosen} onChoose={choose(rows)} zoom={zoom} />
      <Player player={player} run={run} rows={shown} chosen={shownChosen} onChoose={choose(shown)} />
      <div class="panes">
        <StepList run={run} rows={rows} chosen={chosen} onChoose={choose(rows)} />
        {isNarrow ? (
          timeline
        ) : (
          <div class="frame" data-scrolls>
            {timeline}
          </div>
        )}
        <Detail
          run={run}
          event={rows[chosen]?.event}
          onEvent={onEvent}
          repeat={shown[shownChosen]?.repeat}
          onToggle={toggle}
        />
      </div>
    </section>
  );
}

/**
 * Scrolls the page so that all panes are visible when the user selects an event. When the page opens, it stays at its top, where the reason
 * of the verdict is.
 */
function useScrollToPanes(section: { readonly current: HTMLElement | null }, chosen: number, isNarrow: boolean): void {
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) isFirst.current = false;
    else if (!isNarrow && (section.current?.getBoundingClientRect().bottom ?? 0) > innerHeight) {
      section.current?.scrollIntoView({ block: 'end', behavior: 'instant' });
    }
  }, [chosen]);
}
