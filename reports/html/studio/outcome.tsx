import { useEffect, useState } from 'preact/hooks';
import type { Run } from '../../../core/run.ts';
import { stepOutcomes } from '../page/scenario/step-outcomes.ts';
import { VerdictBadge } from '../page/verdict-badge.tsx';
import type { Api } from './api.ts';

/** What came of a play, beside what its author expected; and whether the audience may see it. */
export function Outcome({ api, play, run }: { readonly api: Api; readonly play: number; readonly run: Run }) {
  const [isRevealed, setRevealed] = useState(false);
  useEffect(() => {
    api.audience().then(
      (audience) => setRevealed(audience.play === play && audience.isRevealed),
      () => {},
    );
  }, [api, play]);
  const reveal = (): void =>
    void api.show({ play, isRevealed: !isRevealed }).then(
      (audience) => setRevealed(audience.isRevealed),
      () => {},
    );
  const outcomes = stepOutcomes(run);
  return (
    <section class="outcome" aria-labelledby="outcome">
      <h2 id="outcome">
        How it ended <VerdictBadge kind={run.verdict.kind} />
      </h2>
      {run.verdict.kind !== 'pass' && <p class="reason">{run.verdict.reason}</p>}
      {run.warnings.map((warning) => (
        <p key={warning} class="warning">
          {warning}
        </p>
      ))}
      {outcomes.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-labelledby="outcome">
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
              {outcomes.map(({ verdict, devices }) => (
                <tr key={`${verdict.step} ${verdict.line} ${devices[0]}`} class={verdict.kind}>
                  <td>
                    {verdict.step + 1} · {verdict.name}
                  </td>
                  <td>{devices.length > 2 ? `${devices.length} devices` : devices.join(', ')}</td>
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
      )}
      <p>
        <button type="button" aria-pressed={isRevealed} onClick={reveal}>
          {isRevealed ? 'Hide it from the audience' : 'Reveal it to the audience'}
        </button>
      </p>
    </section>
  );
}
