import type { PageEntry } from '../../page-data.ts';
import type { Filter } from '../route/route.ts';
import { matches, termsOf } from './search.ts';

/** Returns the entries that match a filter, in their order. */
export function filterEntries(entries: readonly PageEntry[], filter: Filter): readonly PageEntry[] {
  const terms = termsOf(filter.text ?? '');
  return entries.filter(
    (entry) =>
      (filter.verdict === undefined || entry.verdict.kind === filter.verdict) &&
      (filter.tag === undefined || entry.tags.includes(filter.tag)) &&
      (filter.topic === undefined || entry.covers.includes(filter.topic)) &&
      (filter.attestation === undefined || entry.attestations.some((one) => one === filter.attestation)) &&
      (filter.transport === undefined || entry.transports.some((one) => one === filter.transport)) &&
      matches(entry, terms),
  );
}
