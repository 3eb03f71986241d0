import type { Bet } from '../../studio-api.ts';

/**
 * The bet of the audience: the question, each option with the number of raised hands that the trainer entered, and at the end the answer.
 */
export function BetCard({ bet }: { readonly bet: Bet }) {
  const { question, options, answer } = bet;
  const all = options.reduce((sum, { hands }) => sum + hands, 0);
  return (
    <section class="bet-card" aria-labelledby="bet">
      <h2 id="bet">{question}</h2>
      <ol>
        {options.map(({ text, hands }, index) => (
          <li key={text} class={answer === undefined ? '' : index === answer ? 'right' : 'wrong'}>
            <span>
              {answer === index && '✓ '}
              {text}
            </span>
            {all > 0 && <b>{hands}</b>}
            <i aria-hidden="true" style={{ width: `${all === 0 ? 0 : (100 * hands) / all}%` }} />
          </li>
        ))}
      </ol>
    </section>
  );
}
