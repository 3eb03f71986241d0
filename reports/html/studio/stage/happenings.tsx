import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import type { Run } from '../../../../core/run/run.ts';
import { Detail } from '../../page/scenario/event/detail.tsx';
import { Timeline } from '../../page/scenario/timeline/timeline.tsx';
import { timelineRows } from '../../page/scenario/timeline/timeline-rows.ts';

/** Shows the events in lanes (columns, one for each actor). The list follows new events until the user scrolls or chooses an event. */
export function Happenings({ run, isOver }: { readonly run: Run; readonly isOver: boolean }) {
  const rows = useMemo(() => timelineRows(run.history), [run]);
  const [chosen, setChosen] = useState<number>();
  const shown = chosen ?? rows.length - 1;
  const choose = (row: number): void => setChosen(Math.max(0, Math.min(rows.length - 1, row)));
  const stay = (): void => setChosen((now) => now ?? (isOver ? undefined : rows.length - 1));
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      const isList = event.target instanceof Element && event.target.closest('.events') !== null;
      if (by === undefined || !isList || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      choose(shown + by);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  if (rows.length === 0) return <p class="empty">No events yet.</p>;
  return (
    <section class="happenings" aria-labelledby="happenings">
      <div class="happenings-head">
        <h2 id="happenings">Events</h2>
        {chosen !== undefined && !isOver && (
          <button type="button" onClick={() => setChosen(undefined)}>
            Follow new events
          </button>
        )}
      </div>
      <div class="stage">
        {/* If the user scrolls, the list stops following new events, so that the user can read. A mouse press on the frame itself, and not on
            an event, is a press on its scroll bar. */}
        <div
          class="frame"
          data-scrolls
          onWheel={stay}
          onTouchMove={stay}
          onPointerDown={(event) => event.target === event.currentTarget && stay()}
        >
          <Timeline run={run} rows={rows} chosen={shown} onChoose={choose} isFramed />
        </div>
        <Detail
          run={run}
          event={rows[shown]?.event}
          onEvent={(event) => choose(rows.findIndex((row) => row.event >= event))}
        />
      </div>
    </section>
  );
}
