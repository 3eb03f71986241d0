import { checks } from '../../../../core/checks.ts';
import { firstFailed } from '../../../../core/history/decision.ts';
import { validityText } from '../../../sentences/validity-text.ts';
import type { StageFacts } from './stage-facts.ts';

/** Shows why a service or a device refused: the check in words, and the compared values. */
export function DecidingPanel({ refusal }: { readonly refusal: NonNullable<StageFacts['refusal']> }) {
  const { decision, isAttack } = refusal;
  const failed = firstFailed(decision);
  if (failed === undefined) return null;
  const validity = validityText(failed);
  const judge = decision.judge === 'dps' ? 'DPS' : `The ${decision.judge}`;
  return (
    <section class={`deciding ${isAttack ? 'good' : 'bad'}`} aria-labelledby="deciding">
      <h2 id="deciding">
        {judge} refuses {isAttack ? `the attacker as ${decision.subject}` : decision.subject}
      </h2>
      <p>
        Required: {checks[failed.check]}. <code>{failed.check}</code>
      </p>
      {validity === undefined ? (
        <dl>
          <dt>expected</dt>
          <dd>{failed.expected}</dd>
          <dt>found</dt>
          <dd>{failed.found}</dd>
        </dl>
      ) : (
        <p>
          <b>{validity.state}</b>: {validity.values}
        </p>
      )}
    </section>
  );
}
