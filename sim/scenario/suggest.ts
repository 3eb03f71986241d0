import { closest, distance } from 'fastest-levenshtein';

/** `; did you mean "x"?` where a known word is near enough to be meant, else nothing. */
export function suggest(word: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const near = closest(word, known);
  // Two letters that changed places count as two; in a short word that would make anything near.
  const length = Math.max(word.length, near.length);
  const allowed = length < 4 ? 1 : Math.max(2, Math.floor(length / 3));
  return distance(word, near) <= allowed ? `; did you mean "${near}"?` : '';
}
