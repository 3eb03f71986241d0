/**
 * Text that cannot move a cursor, ring a bell or break a line: control characters, the marks that turn the direction
 * of writing, and what is no character at all, are shown by their number. Scenario files come from anywhere.
 */
export function oneLine(text: string): string {
  // In two steps, each linear in the length: one pattern for blanks around a line break is tried at every blank.
  const lines = text.split(/[\r\n]+/);
  const joined = lines
    .map((line, at) => (at === 0 ? line : line.trimStart()))
    .map((line, at) => (at === lines.length - 1 ? line : line.trimEnd()));
  return severalLines(joined.join(' ')).replaceAll('\t', ' ');
}

/** As `oneLine`, with the line breaks and tabs left as they are. */
export function severalLines(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(
      /(?![\t\n])[\p{Cc}\p{Cs}\uFFFE\uFFFF\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu,
      (c) => `\\u${hex(c)}`,
    );
}

/**
 * Text that XML 1.0 can hold (2.2 Char): whatever it forbids even as a reference, lone surrogates included, is shown by its
 * number.
 */
export function xmlText(text: string): string {
  return text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, (c) => `\\u${hex(c)}`);
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0').toUpperCase();
}
