/**
 * Returns the line of a place with one line before and after it, and a caret below the column. Plain text. The caret line repeats
 * the tabs of the line, so that the caret is at the right column in any terminal.
 *
 * @param place line and column, both from 1; for a place outside of the text, the nearest lines are shown.
 */
export function codeFrame(text: string, place: Place): string {
  return frameOf(text.split(/\r?\n/), place);
}

/** Returns `codeFrame` for the files with these texts; each text is split once. A file without a text has an empty frame. */
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

/** Line and column, both from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

function frameOf(lines: readonly string[], place: Place): string {
  const line = Math.min(Math.max(1, place.line), lines.length);
  const numbers = [line - 1, line, line + 1].filter((number) => number >= 1 && number <= lines.length);
  const width = String(numbers.at(-1)).length;
  // Of a very long line, only the part around the place is shown.
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

/** The longest part of a line that is shown, in characters. */
const shownAtMost = 200;
/** Characters that are shown before the place. */
const shownBefore = 120;
