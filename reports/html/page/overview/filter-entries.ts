import type { PageEntry } from '../../page-data.ts';
import type { Filter } from '../route.ts';

/** Returns the entries that match a filter, in their order. Every word of the text must occur in an entry. */
export function filterEntries(entries: readonly PageEntry[], filter: Filter): readonly PageEntry[] {
  const words = (filter.text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(
    (entry) =>
      (filter.verdict === undefined || entry.verdict.kind === filter.verdict) &&
      (filter.tag === undefined || entry.tags.includes(filter.tag)) &&
      (filter.topic === undefined || entry.covers.includes(filter.topic)) &&
      (filter.attestation === undefined || entry.attestations.some((one) => one === filter.attestation)) &&
      (filter.transport === undefined || entry.transports.some((one) => one === filter.transport)) &&
      words.every((word) => searchedText(entry).includes(word)),
  );
}

const texts = new WeakMap<PageEntry, string>();

function searchedText(entry: PageEntry): string {
  const known = texts.get(entry);
  if (known !== undefined) return known;
  const { id, title, variant, tags, covers, attack = '', verdict } = entry;
  const text = [id, title, variant, ...tags, ...covers, attack, verdict.reason].join('\n').toLowerCase();
  texts.set(entry, text);
  return text;
}
