import type { Run } from '../../../../core/run.ts';
import type { PageIndex } from '../../page-data.ts';
import { counted } from '../format/counted.ts';
import { VerdictBadge } from '../verdict-badge.tsx';
import { stepOutcomes } from './step-outcomes.ts';
import { SourceFrame } from './source-frame.tsx';
import { SourceLink } from './source-link.tsx';

interface Settings {
  readonly index: PageIndex;
  readonly run: Run;
  /** Goes to an event, which is counted from 0. */
  readonly onEvent: (event: number) => void;
}

/** What was expected, beside what happened, step by step. Devices that met with the same are one row. */
export function Steps({ index, run, onEvent }: Settings) {
  const outcomes = stepOutcomes(run);
  if (outcomes.length === 0) return null;
  return (
    <section aria-labelledby="steps">
      <h2 id="steps">Expected and happened</h2>
      <div class="scroll" tabIndex={0} role="region" aria-labelledby="steps">
        <table class="steps">
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col">Who</th>
              <th scope="col">Expected</th>
              <th scope="col">Happened</th>
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          <tbody>
            {outcomes.map(({ verdict, devices, event }) => (
              <tr key={`${verdict.step} ${verdict.line} ${devices[0]}`} class={verdict.kind}>
                <td>
                  {event === undefined ? (
                    `${verdict.step + 1} · ${verdict.name}`
                  ) : (
                    <button type="button" class="link" onClick={() => onEvent(event)}>
                      {verdict.step + 1} · {verdict.name}
                    </button>
                  )}
                  <br />
                  <SourceLink index={index} file={run.file} line={verdict.line} />
                  <SourceFrame file={run.file} line={verdict.line} />
                </td>
                <td title={devices.slice(0, 40).join(', ')}>
                  {devices.length > 3 ? `${devices[0]} … (${counted(devices.length, 'device')})` : devices.join(', ')}
                </td>
                <td>{verdict.expected}</td>
                <td>
                  {verdict.happened}
                  {verdict.kind !== 'pass' && <p class="reason">{verdict.reason}</p>}
                </td>
                <td>
                  <VerdictBadge kind={verdict.kind} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
