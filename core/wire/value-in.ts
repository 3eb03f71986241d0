/** Returns a member of a JSON object. Returns undefined for other JSON, or if the object lacks the member. */
export function valueIn(json: unknown, word: string): unknown {
  return typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>)[word] : undefined;
}

/** Returns a member of a JSON object if it is a string. */
export function textIn(json: unknown, word: string): string | undefined {
  const value = valueIn(json, word);
  return typeof value === 'string' ? value : undefined;
}
