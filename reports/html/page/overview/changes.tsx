import { earlierId } from '../../earlier-id.ts';
import type { PageIndex } from '../../page-data.ts';
import { counted } from '../format/counted.ts';
import { hashOf } from '../route.ts';

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
            {isIn(entries, id) && isIn(earlier, earlierId(id)) ? (
              <a href={hashOf({ page: 'compare', one: earlierId(id), other: id })}>{id}</a>
            ) : (
              <b>{id}</b>
            )}{' '}
            {sentence}
          </li>
        ))}
      </ul>
    </section>
  );
}

function isIn(list: PageIndex['entries'], id: string): boolean {
  return list.some((entry) => entry.id === id);
}
