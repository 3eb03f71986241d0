import { lessons } from './index.ts';
import { NoLesson } from './no-lesson.tsx';

/** The printable handout of a lesson for its participants, without answers and without notes for the trainer. */
export function Handout({ number }: { readonly number: number }) {
  const lesson = lessons.find((one) => one.number === number);
  if (lesson === undefined) return <NoLesson number={number} />;
  const { title, goal, parts, quiz, takeHome } = lesson;
  const bets = parts.flatMap(({ bet }) => bet ?? []);
  return (
    <article class="handout">
      <p class="handout-buttons">
        <button type="button" class="main" onClick={() => print()}>
          Print
        </button>{' '}
        <a href={`#lesson/${number}`}>Back to the lesson</a>
      </p>
      <h1>{title}</h1>
      <p class="lesson-goal">{goal}</p>
      <h2>Your bets</h2>
      {bets.map(({ question, options }) => (
        <Options key={question} question={question} options={options} />
      ))}
      <h2>What did you see?</h2>
      {parts
        .filter(({ scene }) => scene !== undefined)
        .map(({ title: part }) => (
          <section key={part} class="to-write">
            <h3>{part}</h3>
          </section>
        ))}
      <h2>Your own product</h2>
      <p>{parts.at(-1)?.prompts.join(' ')}</p>
      <section class="to-write" />
      <h2>Quiz</h2>
      {quiz.map(({ question, options }) => (
        <Options key={question} question={question} options={options} />
      ))}
      <p class="teaches">
        <b>Take home:</b> {takeHome}
      </p>
    </article>
  );
}

function Options({ question, options }: { readonly question: string; readonly options: readonly string[] }) {
  return (
    <section class="handout-question">
      <h3>{question}</h3>
      <ul>
        {options.map((option) => (
          <li key={option}>{option}</li>
        ))}
      </ul>
    </section>
  );
}
