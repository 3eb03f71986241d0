import type { Api } from '../api.ts';
import { BetForm } from './bet-form.tsx';
import type { Lesson, LessonPart } from './lesson.ts';
import { LessonTimer } from './lesson-timer.tsx';
import type { OpenLesson } from './use-lesson.ts';

interface Settings {
  readonly api: Api;
  readonly running: OpenLesson;
}

/** A bar above the scenario that shows the running lesson: the current part, its time, the prompts for the trainer, and the bet. */
export function LessonBar({ api, running }: Settings) {
  const { lesson, part: index, missing } = running;
  if (lesson === undefined) return null;
  const part = lesson.parts[index];
  return (
    <section class="lesson-bar" aria-labelledby="lesson-part">
      <header>
        <p class="second">
          Lesson {lesson.number}: {lesson.title}
        </p>
        <h2 id="lesson-part">
          {part === undefined ? 'Closing quiz' : `Part ${index + 1} of ${lesson.parts.length}: ${part.title}`}
        </h2>
        <LessonTimer running={running} minutes={part?.minutes} />
        <p class="lesson-buttons">
          <button type="button" disabled={index === 0} onClick={() => running.goTo(index - 1)}>
            Back
          </button>
          {part !== undefined && (
            <button type="button" class="main" onClick={() => running.goTo(index + 1)}>
              {index + 1 === lesson.parts.length ? 'Go to the quiz' : 'Next part'}
            </button>
          )}
          <button type="button" onClick={() => running.end()}>
            End the lesson
          </button>
        </p>
      </header>
      {missing !== undefined && (
        <p class="trouble" role="alert">
          {missing}
        </p>
      )}
      {part === undefined ? <Quiz api={api} lesson={lesson} /> : <Part key={index} api={api} part={part} />}
    </section>
  );
}

function Part({ api, part }: { readonly api: Api; readonly part: LessonPart }) {
  return (
    <>
      <ul class="prompts" aria-label="Prompts">
        {part.prompts.map((prompt) => (
          <li key={prompt}>{prompt}</li>
        ))}
      </ul>
      {part.bet !== undefined && <BetForm api={api} question={part.bet} name="Bet" />}
    </>
  );
}

function Quiz({ api, lesson }: { readonly api: Api; readonly lesson: Lesson }) {
  return (
    <>
      {lesson.quiz.map((question, index) => (
        <BetForm key={question.question} api={api} question={question} name={`Question ${index + 1}`} />
      ))}
      <p class="teaches">
        <b>Take home:</b> {lesson.takeHome}
      </p>
    </>
  );
}
