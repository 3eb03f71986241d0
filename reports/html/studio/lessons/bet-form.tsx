import { useState } from 'preact/hooks';
import type { Bet } from '../../studio-api.ts';
import type { Api } from '../api.ts';
import type { Question } from './lesson.ts';

interface Settings {
  readonly api: Api;
  readonly question: Question;
  /** The name of the form, such as `Bet` or `Question 2`. */
  readonly name: string;
}

/** A question to the audience: the trainer shows it, counts the hands for each option, and shows the answer. */
export function BetForm({ api, question: { question, options, answer, reason }, name }: Settings) {
  const [hands, setHands] = useState<readonly number[]>(options.map(() => 0));
  const [isShown, setShown] = useState(false);
  const [isAnswered, setAnswered] = useState(false);
  const show = (counts: readonly number[], withAnswer: boolean): void => {
    const bet: Bet = {
      question,
      options: options.map((text, index) => ({ text, hands: counts[index] ?? 0 })),
      ...(withAnswer ? { answer } : {}),
    };
    setShown(true);
    setAnswered(withAnswer);
    void api.show({ bet }).catch(() => setShown(false));
  };
  const count = (index: number, by: number): void => {
    const next = hands.map((one, at) => (at === index ? Math.max(0, one + by) : one));
    setHands(next);
    if (isShown) show(next, isAnswered);
  };
  const hide = (): void => {
    setShown(false);
    setAnswered(false);
    void api.show({ bet: null }).catch(() => {});
  };
  return (
    <section class="bet-form" aria-label={name}>
      <h3>
        {name}: {question}
      </h3>
      <ol>
        {options.map((option, index) => (
          <li key={option} class={isAnswered && index === answer ? 'good' : ''}>
            <span>
              {option}
              {isAnswered && index === answer && ' ✓'}
            </span>
            <button type="button" aria-label={`One hand less for: ${option}`} onClick={() => count(index, -1)}>
              −
            </button>
            <b>{hands[index]}</b>
            <button type="button" aria-label={`One more hand for: ${option}`} onClick={() => count(index, 1)}>
              +
            </button>
          </li>
        ))}
      </ol>
      <p class="bet-buttons">
        <button type="button" aria-pressed={isShown} onClick={() => (isShown ? hide() : show(hands, false))}>
          {isShown ? 'Hide from the audience' : 'Show to the audience'}
        </button>
        <button type="button" disabled={isAnswered} onClick={() => show(hands, true)}>
          Show the answer
        </button>
      </p>
      {isAnswered && <p class="second">{reason}</p>}
    </section>
  );
}
