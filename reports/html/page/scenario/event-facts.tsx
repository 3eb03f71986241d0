import type { HistoryEvent } from '../../../../core/history.ts';
import type { Run } from '../../../../core/run.ts';
import { DecisionTable } from './decision-table.tsx';
import { FactList } from './fact-list.tsx';
import { WireMessage } from './wire-message.tsx';

interface Settings {
  readonly run: Run;
  readonly happening: HistoryEvent;
  readonly onEvent: (event: number) => void;
}

/** What an event holds, in the form that suits its kind. */
export function EventFacts({ run, happening, onEvent }: Settings) {
  switch (happening.kind) {
    case 'wire':
      return <WireMessage wire={happening} />;
    case 'decision':
      return <DecisionTable decision={happening} at={happening.at} />;
    case 'step-started':
      return <FactList facts={{ file: `${run.file}:${happening.line}` }} />;
    case 'signals':
      return (
        <ul>
          {happening.findings.map(({ signal, sentence, events }, index) => (
            <li key={index}>
              <b>{signal}</b>: {sentence}{' '}
              {events.slice(0, 5).map((event) => (
                <button key={event} type="button" class="link" onClick={() => onEvent(event)}>
                  event {event + 1}
                </button>
              ))}
            </li>
          ))}
        </ul>
      );
    default: {
      const { kind: _, at: __, ...facts } = happening;
      return <FactList facts={facts} />;
    }
  }
}
