import type { PageEntry, PageIndex } from '../../page-data.ts';
import { hashOf } from '../route/route.ts';

/**
 * The topics of the guidance. For each topic, the page shows how many scenarios follow the practice, and how many show the failure without
 * the practice.
 */
export function Coverage({ index }: { readonly index: PageIndex }) {
  const { chapters, topics, entries } = index;
  const shown = topics.filter(({ id }) => entries.some(({ covers }) => covers.includes(id))).length;
  return (
    <article class="guidance" aria-labelledby="title">
      <h1 id="title">Guidance</h1>
      <p class="told">
        The scenarios of this run cover {shown} of {topics.length} topics.
      </p>
      {chapters.map((chapter) => {
        const ours = topics.filter((topic) => topic.chapter === chapter.id);
        if (ours.length === 0) return null;
        return (
          <section key={chapter.id} class="chapter">
            <h2>{chapter.title}</h2>
            <ul class="topics">
              {ours.map(({ id, title, sentence }) => (
                <li key={id}>
                  <TopicLine
                    id={id}
                    title={title}
                    sentence={sentence}
                    entries={entries.filter(({ covers }) => covers.includes(id))}
                  />
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </article>
  );
}

interface LineSettings {
  readonly id: string;
  readonly title: string;
  readonly sentence: string;
  readonly entries: readonly PageEntry[];
}

function TopicLine({ id, title, sentence, entries }: LineSettings) {
  if (entries.length === 0) {
    return (
      <>
        <span title={sentence}>{title}</span> <span class="none">not covered</span>
      </>
    );
  }
  const wrong = entries.filter(({ shows }) => shows === 'wrong').length;
  const failed = entries.filter(({ verdict }) => verdict.kind !== 'pass').length;
  return (
    <>
      <a href={hashOf({ page: 'overview', filter: { topic: id } })} title={sentence}>
        {title}
      </a>{' '}
      <span class="tally">
        {entries.length - wrong} good practice, {wrong} bad practice{failed > 0 && <b>, {failed} not passed</b>}
      </span>
    </>
  );
}
