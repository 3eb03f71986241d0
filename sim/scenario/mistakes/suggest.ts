import { closest, distance } from 'fastest-levenshtein';

/** Returns `; did you mean "x"?` if a known word is similar to `word`; otherwise an empty string. */
export function suggest(word: string, known: readonly string[]): string {
  const near = nearWords(word, known).map((one) => `"${one}"`);
  const last = near.pop();
  if (last === undefined) return '';
  return `; did you mean ${near.length === 0 ? last : `${near.join(', ')} or ${last}`}?`;
}

/**
 * Returns the known words that are similar to `word`, the most similar first. The first rule with a result counts: the word with the most
 * similar spelling; up to three that begin with `word`; up to three that share a part with it.
 */
export function nearWords(word: string, known: readonly string[]): readonly string[] {
  if (known.length === 0 || known.length > knownAtMost || word.length > lengthAtMost) return [];
  const near = closest(word, known);
  // Similar words differ in at most `allowed` letters; two swapped letters count as two. Without this limit, almost any short word would be
  // similar.
  const length = Math.max(word.length, near.length);
  const allowed = length < 4 ? 1 : Math.max(2, Math.floor(length / 3));
  const steps = distance(word, near);
  const longer = known.filter((one) => one.startsWith(word));
  if (steps <= Math.min(2, allowed)) return [near];
  if (word.length > 2 && longer.length > 0) return longer.slice(0, 3);
  if (steps <= allowed) return [near];
  const parts = partsOf(word);
  return known
    .map((one) => ({ one, shared: sharedLength(parts, partsOf(one)) }))
    .filter(({ shared }) => shared > 0)
    .toSorted((a, b) => b.shared - a.shared || distance(word, a.one) - distance(word, b.one))
    .slice(0, 3)
    .map(({ one }) => one);
}

/**
 * Largest number of known words. If there are more, a file gets no suggestions, because `suggest` would have to compare each unknown word
 * with all of them.
 */
const knownAtMost = 1000;
/** Length limit of a compared word in characters. The time to compute a distance grows with the product of both lengths. */
const lengthAtMost = 200;

/** Splits a word into its parts: `tokenFresh` and `token-fresh` both give `token` and `fresh`. */
function partsOf(word: string): readonly string[] {
  return word
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}

/** Returns the number of letters in common parts. Short parts such as `of` do not count. */
function sharedLength(parts: readonly string[], others: readonly string[]): number {
  return parts.filter((part) => part.length > 3 && others.includes(part)).join('').length;
}
