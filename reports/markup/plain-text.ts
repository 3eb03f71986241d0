/**
 * Returns a text that cannot move a cursor, ring a bell or break a line. Control characters, marks of writing direction and invalid
 * characters are shown by their number, because scenario files may come from untrusted sources.
 */
export function oneLine(text: string): string {
  // Splitting the text and then trimming the lines are two steps with linear time. A single pattern for blanks around a line break would be
  // tried at every blank.
  const lines = text.split(/[\r\n]+/);
  const joined = lines
    .map((line, at) => (at === 0 ? line : line.trimStart()))
    .map((line, at) => (at === lines.length - 1 ? line : line.trimEnd()));
  return severalLines(joined.join(' ')).replaceAll('\t', ' ');
}

/** Escapes like `oneLine`, but leaves line breaks and tabs unchanged. */
export function severalLines(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(
      /(?![\t\n])[\p{Cc}\p{Cs}\uFFFE\uFFFF\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu,
      (c) => `\\u${hex(c)}`,
    );
}

/**
 * Returns a text that XML 1.0 allows (2.2 Char). Characters that are forbidden even as a reference, such as lone surrogates, are shown by
 * their number.
 */
export function xmlText(text: string): string {
  return text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, (c) => `\\u${hex(c)}`);
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0').toUpperCase();
}
