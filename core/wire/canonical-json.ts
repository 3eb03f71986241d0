/**
 * Serializes a plain value as JSON with sorted keys and without spaces. Equal values give equal texts, so the text can be
 * signed.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const words = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([word, inner]) => `${JSON.stringify(word)}:${canonicalJson(inner)}`);
  return `{${words.join(',')}}`;
}
