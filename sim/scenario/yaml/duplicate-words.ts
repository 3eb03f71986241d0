import { type Document, isScalar, visit } from 'yaml';

/**
 * Returns the offset of each word that its map contains already, in text order. The YAML reader compares all pairs of words, which
 * takes minutes for a map of a hundred thousand words.
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
