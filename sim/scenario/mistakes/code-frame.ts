/**
 * Returns an excerpt of a text as plain text: the line at a position, one line before and after it, and a caret below the column. The caret
 * line repeats the tabs of the line, so the caret is at the right column in any terminal.
 * @param place line and column, both from 1. If the position is outside of the text, the excerpt has the nearest lines.
 */
export function codeFrame(text: string, place: Place): string {
  return frameOf(text.split(/\r?\n/), place);
}

/**
 * Returns a function like `codeFrame` for several files. Each text is split into lines once. The excerpt is empty for a file without a
 * text.
 */
export function codeFramesOf(
  texts: Readonly<Record<string, string>>,
): (file: string, line: number, column: number) => string {
  const split = new Map<string, readonly string[]>();
  return (file, line, column) => {
    const text = Object.hasOwn(texts, file) ? texts[file] : undefined;
    if (text === undefined) return '';
    const lines = split.get(file) ?? text.split(/\r?\n/);
    split.set(file, lines);
    return frameOf(lines, { line, column });
  };
}

/** Line and column in a text, both from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

function frameOf(lines: readonly string[], place: Place): string {
  const line = Math.min(Math.max(1, place.line), lines.length);
  const numbers = [line - 1, line, line + 1].filter((number) => number >= 1 && number <= lines.length);
  const width = String(numbers.at(-1)).length;
  // The excerpt shows only the part of a very long line around the position.
  const from = Math.max(0, place.column - 1 - shownBefore);
  const shorten = (content: string): string =>
    (from > 0 && content.length > from ? '…' : '') +
    content.slice(from, from + shownAtMost) +
    (content.length > from + shownAtMost ? '…' : '');
  return numbers
    .flatMap((number) => {
      const content = lines[number - 1] ?? '';
      const row = `${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${shorten(content)}`.trimEnd();
      const before = (from > 0 ? ' ' : '') + content.slice(from, Math.max(0, place.column - 1));
      const indent = before.replaceAll(/[^\t]/g, ' ');
      return number === line ? [row, `  ${' '.repeat(width)} | ${indent}^`] : [row];
    })
    .join('\n');
}

/** Largest number of characters of a line in an excerpt. */
const shownAtMost = 200;
/** Largest number of characters before the position in a shortened line. */
const shownBefore = 120;
