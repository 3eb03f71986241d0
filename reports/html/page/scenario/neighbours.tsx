import type { PageEntry, PageIndex } from '../../page-data.ts';
import { neighboursOf } from '../route/list-memory.ts';
import { hashOf } from '../route/route.ts';

/** Links to the previous and the next scenario of the list that the user came from. */
export function Neighbours({ index, entry }: { readonly index: PageIndex; readonly entry: PageEntry }) {
  const { before, after, place, count } = neighboursOf(entry.id, index.entries);
  if (count < 2 || place === 0) return null;
  return (
    <nav class="neighbours" aria-label="Neighbouring scenarios">
      <Neighbour id={before}>← Previous</Neighbour>
      <span class="second">
        {place} of {count}
      </span>
      <Neighbour id={after}>Next →</Neighbour>
    </nav>
  );
}

function Neighbour({ id, children }: { readonly id: string | undefined; readonly children: string }) {
  if (id === undefined) return <span class="second">{children}</span>;
  return <a href={hashOf({ page: 'scenario', id, event: undefined })}>{children}</a>;
}
