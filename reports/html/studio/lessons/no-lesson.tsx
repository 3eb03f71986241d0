import { lessons } from './index.ts';

/** The page for an address with the number of a lesson that does not exist. */
export function NoLesson({ number }: { readonly number: number }) {
  return (
    <section class="not-found">
      <h1>{number === 0 ? 'The address has no number of a lesson' : `There is no lesson ${number}`}</h1>
      <p>The studio has these lessons:</p>
      <ul>
        {lessons.map((lesson) => (
          <li key={lesson.number}>
            <a href={`#lesson/${lesson.number}`}>
              {lesson.number}. {lesson.title}
            </a>
          </li>
        ))}
      </ul>
      <p>
        <a href="#choose">All lessons and scenarios</a>
      </p>
    </section>
  );
}
