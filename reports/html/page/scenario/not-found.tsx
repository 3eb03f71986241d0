import { distance } from 'fastest-levenshtein';
import type { PageIndex } from '../../page-data.ts';
import { listMemory } from '../route/list-memory.ts';
import { hashOf } from '../route/route.ts';

/** Explains that the report lacks the scenario of an address, and links to the scenarios with the most similar IDs. */
export function NotFound({ index, id }: { readonly index: PageIndex; readonly id: string }) {
  const near = index.entries
    .map((entry) => ({ entry, changes: distance(entry.id, id) }))
    .filter(({ entry, changes }) => changes <= Math.max(entry.id.length, id.length) / 2)
    .toSorted((a, b) => a.changes - b.changes)
    .slice(0, 5);
  return (
    <section class="not-found">
      <h1>Scenario not found</h1>
      <p>This report has no scenario {id}.</p>
      {near.length > 0 && (
        <>
          <h2>Did you mean</h2>
          <ul>
            {near.map(({ entry }) => (
              <li key={entry.id}>
                <a href={hashOf({ page: 'scenario', id: entry.id, event: undefined })}>{entry.id}</a>
              </li>
            ))}
          </ul>
        </>
      )}
      <p>
        <a href={listMemory.address}>All scenarios</a>
      </p>
    </section>
  );
}
