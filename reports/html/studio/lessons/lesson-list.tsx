import { lessons } from './index.ts';

/** The list of lessons, above the scenarios. */
export function LessonList() {
  return (
    <section class="lessons" aria-labelledby="lessons">
      <h2 id="lessons">Lessons of 45 minutes</h2>
      <ol>
        {lessons.map(({ number, title, goal, people }) => (
          <li key={number}>
            <h3>
              <a href={`#lesson/${number}`}>
                {number}. {title}
              </a>
            </h3>
            <p>{goal}</p>
            <p class="second">{people}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
