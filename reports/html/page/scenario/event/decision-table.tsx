import { checks } from '../../../../../core/checks.ts';
import type { CheckResult, Decision } from '../../../../../core/history/decision.ts';
import { validityText } from '../../../../sentences/validity-text.ts';
import { CertificateChain } from './certificate-chain.tsx';

interface Settings {
  readonly decision: Decision;
  /** Virtual instant of the decision. */
  readonly at: number;
  /** True if the decision is about an attacker. A refusal is then a good result. */
  readonly isAttack: boolean;
}

/** The checks of a decision in order, with the compared values; the deciding check is highlighted. */
export function DecisionTable({ decision, at, isAttack }: Settings) {
  const decisive = decision.checks.findIndex(({ passed }) => !passed);
  const against = decision.checks[decisive];
  return (
    <>
      {against === undefined ? (
        <p class="decided good">All {decision.checks.length} checks passed.</p>
      ) : (
        <div class={`decided ${isAttack ? 'good' : 'bad'}`}>
          <p>
            Decided by {against.check}, check {decisive + 1}
          </p>
          <p class="second">Required: {checks[against.check]}.</p>
          <DecisiveValues result={against} />
        </div>
      )}
      {decision.certificates !== undefined && <CertificateChain certificates={decision.certificates} now={at} />}
      <h4>Checks in order</h4>
      <ol class="checks">
        {decision.checks.map(({ check, passed, expected, found, sabotaged }, index) => (
          <li key={index} class={index === decisive ? 'decisive' : ''}>
            <span class={`sign ${passed ? 'good' : 'bad'}`} role="img" aria-label={passed ? 'passed' : 'failed'}>
              {passed ? '✓' : '✕'}
            </span>
            <div>
              <code title={checks[check]}>{check}</code>
              {sabotaged === true && <span class="mark">disabled</span>}
              {index === decisive ? (
                <p class="second">deciding check; its values are above</p>
              ) : (
                <CheckValues result={{ expected, found }} />
              )}
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

/** Shows the two values of the deciding check. Shows a validity period as days, and any other value unchanged. */
function DecisiveValues({ result }: { readonly result: CheckResult }) {
  const validity = validityText(result);
  if (validity === undefined) return <CheckValues result={result} />;
  return (
    <p>
      {validity.subject !== undefined && `${validity.subject}: `}
      {validity.short}: <b>{validity.state}</b>
    </p>
  );
}

/** Shows the two values of a check, or a single value if they are equal. */
function CheckValues({ result: { expected, found } }: { readonly result: Pick<CheckResult, 'expected' | 'found'> }) {
  const validity = validityText({ expected, found });
  if (validity !== undefined) return <p class="second">{`${validity.short}: ${validity.state}`}</p>;
  if (expected === found) return <p class="value">{found}</p>;
  return (
    <dl class="values">
      <dt>expected</dt>
      <dd>{expected}</dd>
      <dt>found</dt>
      <dd>{found}</dd>
    </dl>
  );
}
