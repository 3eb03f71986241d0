/**
 * Returns a text without the given characters at its end. Uses a loop, because a pattern such as `=+$` needs quadratic time:
 * regular-expression engines try it at every position.
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
