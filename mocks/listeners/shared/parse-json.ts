/** Returns the value of a JSON text in UTF-8, wrapped because it may be null. Undefined if the text is not JSON. */
export function parseJson(bytes: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(bytes.toString('utf8')) as unknown };
  } catch {
    return undefined;
  }
}
