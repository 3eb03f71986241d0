import type { ComponentChildren } from 'preact';
import type { Run, StepVerdict } from '../../../../core/run/run.ts';
import { AttackBadge } from '../attack/attack-badge.tsx';
import { counted } from '../format/counted.ts';
import { VerdictBadge } from '../verdict-badge.tsx';
import { stepReason } from '../../../sentences/step-reason.ts';
import { stepOutcomes } from './step-outcomes.ts';

interface Settings {
  readonly run: Run;
  /** ID of the heading above the table. */
  readonly labelledBy: string;
  /** Goes to an event; the index counts from 0. If omitted, there are no links. */
  readonly onEvent?: (event: number) => void;
  /** Content below the name of a step. */
  readonly below?: (verdict: StepVerdict) => ComponentChildren;
}

/** Shows expected and actual results, step by step. Devices with the same result are one row. */
export function StepTable({ run, labelledBy, onEvent, below }: Settings) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-labelledby={labelledBy}>
      <table class="steps">
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Device</th>
            <th scope="col">Expected</th>
            <th scope="col">Actual</th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {stepOutcomes(run).map(({ verdict, devices, event, attack }) => (
            <tr key={`${verdict.step} ${verdict.line} ${devices[0]}`} class={verdict.kind}>
              <td>
                {event === undefined || onEvent === undefined ? (
                  `${verdict.step + 1} · ${verdict.name}`
                ) : (
                  <button type="button" class="link" onClick={() => onEvent(event)}>
                    {verdict.step + 1} · {verdict.name}
                  </button>
                )}
                {below?.(verdict)}
              </td>
              <td title={devices.slice(0, 40).join(', ')}>
                {devices.length > 3 ? `${devices[0]} … (${counted(devices.length, 'device')})` : devices.join(', ')}
              </td>
              <td>{verdict.expected}</td>
              <td>
                {attack !== undefined && <AttackBadge result={attack} />}
                {verdict.happened}
                <Reason text={stepReason(verdict)} />
              </td>
              <td>
                <VerdictBadge kind={verdict.kind} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Reason({ text }: { readonly text: string }) {
  return text === '' ? null : <p class="reason">{text}</p>;
}
