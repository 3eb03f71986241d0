import type { PageEntry, PageIndex } from '../../page-data.ts';
import { hashOf } from '../route/route.ts';
import { VerdictBadge } from '../verdict-badge.tsx';

/** The other variants of the same scenario file, with their choices. */
export function Variants({ index, entry }: { readonly index: PageIndex; readonly entry: PageEntry }) {
  const siblings = index.entries.filter(({ file, id }) => file === entry.file && id !== entry.id);
  if (siblings.length === 0) return null;
  return (
    <details class="variants">
      <summary>
        {siblings.length} other {siblings.length === 1 ? 'variant' : 'variants'} of this scenario
      </summary>
      <ul>
        {siblings.slice(0, listed).map(({ id, title, variant, verdict }) => (
          <li key={id}>
            <VerdictBadge kind={verdict.kind} />{' '}
            <a href={hashOf({ page: 'scenario', id, event: undefined })}>{variant === '' ? title : variant}</a>{' '}
            <a class="second" href={hashOf({ page: 'compare', one: entry.id, other: id })}>
              compare<span class="unseen"> with {variant === '' ? title : variant}</span>
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

const listed = 60;
