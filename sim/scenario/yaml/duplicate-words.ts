import { type Document, isScalar, visit } from 'yaml';

/**
 * Returns the offset of each YAML key that occurs a second time in its map, in text order. The check of the library compares all pairs of
 * keys, which takes minutes for a map with a hundred thousand keys.
 */
export function duplicateWords(document: Document): readonly number[] {
  const offsets: number[] = [];
  visit(document, {
    Map: (_key, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) offsets.push(key.range?.[0] ?? 0);
        else seen.add(key.value);
      }
    },
  });
  return offsets.toSorted((a, b) => a - b);
}
