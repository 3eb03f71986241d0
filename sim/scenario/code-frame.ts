/**
 * The line of a place with one line before and after, and a caret under the column. Plain text; tabs are kept under the
 * caret line so that the caret stands right in any terminal.
 *
 * @param place line and column, both from 1; a place outside of the text gives what there is near it.
 */
export function codeFrame(text: string, place: { readonly line: number; readonly column: number }): string {
  const lines = text.split(/\r?\n/);
  const line = Math.min(Math.max(1, place.line), lines.length);
  const numbers = [line - 1, line, line + 1].filter((number) => number >= 1 && number <= lines.length);
  const width = String(numbers.at(-1)).length;
  return numbers
    .flatMap((number) => {
      const content = lines[number - 1] ?? '';
      const row = `${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${content}`.trimEnd();
      const indent = content.slice(0, Math.max(0, place.column - 1)).replaceAll(/[^\t]/g, ' ');
      return number === line ? [row, `  ${' '.repeat(width)} | ${indent}^`] : [row];
    })
    .join('\n');
}
