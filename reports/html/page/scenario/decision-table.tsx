import { checks } from '../../../../core/checks.ts';
import type { Decision } from '../../../../core/decision.ts';

/** The checks of a decision in the order they were made, with the values compared; the one that decided stands out. */
export function DecisionTable({ decision }: { readonly decision: Decision }) {
  const decisive = decision.checks.findIndex(({ passed }) => !passed);
  return (
    <>
      <p class={decisive < 0 ? 'decided good' : 'decided bad'}>
        {decisive < 0
          ? `All ${decision.checks.length} checks passed.`
          : `Decided by ${decision.checks[decisive]?.check}, check ${decisive + 1}.`}
      </p>
      <ol class="checks">
        {decision.checks.map(({ check, passed, expected, found, sabotaged }, index) => (
          <li key={index} class={index === decisive ? 'decisive' : ''}>
            <span class={`sign ${passed ? 'good' : 'bad'}`} role="img" aria-label={passed ? 'passed' : 'failed'}>
              {passed ? '✓' : '✕'}
            </span>
            <div>
              <code title={checks[check]}>{check}</code>
              {sabotaged === true && <span class="mark">switched off</span>}
              {index === decisive && <p>{checks[check]}: this does not hold.</p>}
              {expected === found ? (
                <p class="second">{found}</p>
              ) : (
                <dl class="values">
                  <dt>expected</dt>
                  <dd>{expected}</dd>
                  <dt>found</dt>
                  <dd>{found}</dd>
                </dl>
              )}
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}
