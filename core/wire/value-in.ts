/** Returns a member of a JSON object. Returns undefined if the value is not an object or lacks the member. */
export function valueIn(json: unknown, word: string): unknown {
  return typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>)[word] : undefined;
}

/** Returns a member of a JSON object if the member is a string, and undefined otherwise. */
export function textIn(json: unknown, word: string): string | undefined {
  const value = valueIn(json, word);
  return typeof value === 'string' ? value : undefined;
}
