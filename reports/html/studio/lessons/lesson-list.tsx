import { lessons } from './index.ts';

/** The list of lessons, above the scenarios. @param text words of a search; only lessons that have all of them are listed. */
export function LessonList({ text }: { readonly text: string }) {
  const words = text.toLowerCase().split(/\s+/);
  const found = lessons.filter(({ number, title, goal, people }) => {
    const searched = `lesson ${number} ${title} ${goal} ${people}`.toLowerCase();
    return words.every((word) => searched.includes(word));
  });
  if (found.length === 0) return null;
  return (
    <section class="lessons" aria-labelledby="lessons">
      <h2 id="lessons">Lessons of 45 minutes</h2>
      <ol>
        {found.map(({ number, title, goal, people }) => (
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
