import type { Run } from '../../../../core/run/run.ts';
import type { PageEntry, PageIndex } from '../../page-data.ts';
import { hashOf } from '../route/route.ts';
import { Variants } from './variants.tsx';

interface Settings {
  readonly index: PageIndex;
  readonly entry: PageEntry;
  readonly run: Run;
}

/** The story and the lesson of a scenario, its topics, and its other variants. */
export function About({ index, entry, run }: Settings) {
  const topics = index.topics.filter(({ id }) => run.covers.includes(id));
  return (
    <section class="about" aria-label="About this scenario">
      {run.story !== undefined && <p class="story">{run.story}</p>}
      {run.teaches !== undefined && (
        <p class="teaches">
          <b>Lesson:</b> {run.teaches}
        </p>
      )}
      {(topics.length > 0 || run.tags.length > 0) && (
        <p class="labels">
          {topics.map(({ id, title }) => (
            <a key={id} href={hashOf({ page: 'overview', filter: { topic: id } })}>
              {title}
            </a>
          ))}
          {run.tags.map((tag) => (
            <a key={tag} href={hashOf({ page: 'overview', filter: { tag } })}>
              #{tag}
            </a>
          ))}
        </p>
      )}
      <Variants index={index} entry={entry} />
    </section>
  );
}
