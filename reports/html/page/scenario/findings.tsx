import type { SignalFinding } from '../../../../core/history/events.ts';

interface Settings {
  readonly findings: readonly SignalFinding[];
  /** Goes to an event; the index counts from 0. */
  readonly onEvent: (event: number) => void;
}

/** Lists signals, each with links to the first events that are evidence. */
export function Findings({ findings, onEvent }: Settings) {
  return (
    <ul class="found">
      {findings.map(({ signal, sentence, events }, index) => (
        <li key={index}>
          signal <b>{signal}</b>: {sentence}{' '}
          {events.slice(0, 5).map((event) => (
            <button key={event} type="button" class="link" onClick={() => onEvent(event)}>
              event {event + 1}
            </button>
          ))}
        </li>
      ))}
    </ul>
  );
}
