import type { ComponentChild } from 'preact';
import type { OpenLesson } from './use-lesson.ts';
import { lessons } from './index.ts';
import { NoLesson } from './no-lesson.tsx';

interface Settings {
  readonly number: number;
  readonly running: OpenLesson;
}

/** A lesson with its plan, and a button that starts it. */
export function LessonPage({ number, running }: Settings) {
  const lesson = lessons.find((one) => one.number === number);
  if (lesson === undefined) return <NoLesson number={number} />;
  const { title, goal, people, parts, lookAt, takeHome } = lesson;
  return (
    <article class="lesson">
      <header>
        <p class="second">Lesson {number}</p>
        <h1>{title}</h1>
        <p class="lesson-goal">{goal}</p>
        <p class="second">{people}</p>
        <p class="lesson-buttons">
          <button type="button" class="main" onClick={() => running.start(number)}>
            Start the lesson
          </button>
          <a href={`#handout/${number}`}>Handout to print</a>
        </p>
      </header>
      <table>
        <caption>Plan</caption>
        <thead>
          <tr>
            <th scope="col">Minutes</th>
            <th scope="col">Part</th>
            <th scope="col">Scenario</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ minutes, title: part, prompts, scene, bet }) => (
            <tr key={part}>
              <td>{minutes}</td>
              <td>
                <b>{part}</b>
                {bet !== undefined && <span class="mark">bet</span>}
                <ul>
                  {prompts.map((prompt) => (
                    <li key={prompt}>{prompt}</li>
                  ))}
                </ul>
              </td>
              <td>{scene !== undefined && <code>{scene.file}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <b>Look at:</b> {withCode(lookAt)}
      </p>
      <p>
        <b>Take home:</b> {takeHome}
      </p>
    </article>
  );
}

/** Returns a text whose parts between backticks are code. */
function withCode(text: string): readonly ComponentChild[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
