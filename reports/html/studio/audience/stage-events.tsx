import { useMemo } from 'preact/hooks';
import type { HistoryEvent } from '../../../../core/history/events.ts';
import { dayText } from '../../../sentences/day-text.ts';
import { timelineRows } from '../../page/scenario/timeline/timeline-rows.ts';

/** The latest events in words, the newest last. Single messages and handshakes are left out; the page of the presenter shows them. */
export function StageEvents({ events }: { readonly events: readonly HistoryEvent[] }) {
  const rows = useMemo(
    () =>
      timelineRows(events)
        .filter(({ event, kind }) => kind === 'step' || !hidden.has(events[event]?.kind))
        .slice(-shown),
    [events],
  );
  if (rows.length === 0) return null;
  return (
    <section class="stage-events" aria-labelledby="stage-events">
      <h2 id="stage-events">Events</h2>
      <ol>
        {rows.map(({ event, at, text, tone, kind }) => (
          <li key={event} class={`${tone} ${kind}`}>
            <span class="day">{dayText(at)}</span>
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

const shown = 6;
const hidden: ReadonlySet<HistoryEvent['kind'] | undefined> = new Set([
  'wire',
  'client-hello',
  'service-record',
  'time-jumped',
  'secret',
]);
