import { closest, distance } from 'fastest-levenshtein';

/** `; did you mean "x"?` where a known word is near enough to be meant, else nothing. */
export function suggest(word: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const near = closest(word, known);
  const allowed = Math.max(1, Math.floor(Math.max(word.length, near.length) / 3));
  return distance(word, near) <= allowed ? `; did you mean "${near}"?` : '';
}
