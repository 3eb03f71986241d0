/**
 * Parses JSON in UTF-8. Returns undefined if the text is not JSON. The value is wrapped in an object, because it may be null.
 */
export function parseJson(bytes: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(bytes.toString('utf8')) as unknown };
  } catch {
    return undefined;
  }
}
