/** What stands under a word in the JSON of an answer; undefined where it is no object, or has no such word. */
export function valueIn(json: unknown, word: string): unknown {
  return typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>)[word] : undefined;
}

/** The same where it is a text. */
export function textIn(json: unknown, word: string): string | undefined {
  const value = valueIn(json, word);
  return typeof value === 'string' ? value : undefined;
}
