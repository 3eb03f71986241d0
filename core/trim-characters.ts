/**
 * Returns a text without the given characters at its end. A loop, because an engine tries a pattern such as `=+$` at every place of
 * the text, which takes time that grows with the square of its length.
 */
export function trimEndOf(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Returns a text without the given characters at both ends. */
export function trimBothEndsOf(text: string, characters: string): string {
  const ended = trimEndOf(text, characters);
  let start = 0;
  while (start < ended.length && characters.includes(ended.charAt(start))) start++;
  return ended.slice(start);
}
