import { earlierId } from '../../earlier-id.ts';
import type { PageEntry, PageIndex } from '../../page-data.ts';
import { displayedTitle } from '../../../sentences/displayed-title.ts';
import { counted } from '../format/counted.ts';
import { hashOf } from '../route/route.ts';

/** Lists the differences from the earlier run, regressions first. */
export function Changes({ index }: { readonly index: PageIndex }) {
  const { differences, earlier, entries } = index;
  if (differences === null) return null;
  const sorted = differences.toSorted((a, b) => Number(b.isRegression) - Number(a.isRegression));
  const worse = differences.filter(({ isRegression }) => isRegression).length;
  return (
    <section class="changes" aria-labelledby="changes">
      <h2 id="changes">Changes since the earlier run</h2>
      <p class="told">
        {differences.length === 0
          ? 'No outcome changed.'
          : `${counted(differences.length, 'difference')}, ${worse === 0 ? 'no regressions' : counted(worse, 'regression')}.`}
      </p>
      <ul>
        {sorted.map(({ kind, isRegression, id, sentence }) => (
          <li key={`${id} ${kind} ${sentence}`}>
            {isRegression && (
              <>
                <span class="mark">regression</span>{' '}
              </>
            )}
            {entryOf(entries, id) !== undefined && entryOf(earlier, earlierId(id)) !== undefined ? (
              <a href={hashOf({ page: 'compare', one: earlierId(id), other: id })} title={id}>
                {nameOf(index, id)}
              </a>
            ) : (
              <b title={id}>{nameOf(index, id)}</b>
            )}{' '}
            {sentence}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Returns the title of a scenario, or of a topic that is no longer covered. Returns an unknown ID unchanged. */
function nameOf({ entries, earlier, topics }: PageIndex, id: string): string {
  const entry = entryOf(entries, id) ?? entryOf(earlier, earlierId(id));
  if (entry !== undefined) return displayedTitle(entry);
  return topics.find((topic) => topic.id === id)?.title ?? id;
}

function entryOf(list: PageIndex['entries'], id: string): PageEntry | undefined {
  return list.find((entry) => entry.id === id);
}
