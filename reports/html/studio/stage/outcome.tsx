import { useEffect, useState } from 'preact/hooks';
import type { Run } from '../../../../core/run/run.ts';
import { AttackTally } from '../../page/attack/attack-tally.tsx';
import { whyText } from '../../../sentences/why-text.ts';
import { StepTable } from '../../page/scenario/step-table.tsx';
import { VerdictBadge } from '../../page/verdict-badge.tsx';
import type { Api } from '../api.ts';

/** Expected and actual results of a play, and a button to reveal them to the audience. */
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
  return (
    <section class="outcome" aria-labelledby="outcome">
      <h2 id="outcome">
        Result <VerdictBadge kind={run.verdict.kind} />
      </h2>
      <AttackTally run={run} />
      {run.verdict.kind !== 'pass' && <p class="reason">{whyText(run)}</p>}
      {run.warnings.map((warning) => (
        <p key={warning} class="warning">
          {warning}
        </p>
      ))}
      {run.stepVerdicts.length > 0 && <StepTable run={run} labelledBy="outcome" />}
      <p>
        <button type="button" aria-pressed={isRevealed} onClick={reveal}>
          {isRevealed ? 'Hide the result from the audience' : 'Reveal the result to the audience'}
        </button>
      </p>
    </section>
  );
}
