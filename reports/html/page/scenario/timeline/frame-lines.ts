/** A displayed line of a file. */
export interface FrameLine {
  /** From 1. */
  readonly number: number;
  readonly content: string;
  /** True if lines before this line are omitted. */
  readonly isAfterGap: boolean;
}

/**
 * Returns the lines of a timeline entry, and the line of its expectation, which may be far away in the matrix. If the entry is long,
 * returns only its lines near the expectation.
 *
 * @param step first line of the step, from 1; undefined if unknown.
 * @param line line of the expectation, from 1.
 */
export function frameLines(text: string, step: number | undefined, line: number): readonly FrameLine[] {
  const lines = text.split(/\r?\n/);
  const first = step ?? line;
  const last = entryEnd(lines, first);
  const shown = range(first, last).filter(
    (number) => last - first < longest || Math.abs(number - line) <= 4 || number === first,
  );
  const numbers = [...new Set([...shown, line])]
    .filter((number) => number >= 1 && number <= lines.length)
    .toSorted((a, b) => a - b);
  return numbers.map((number, index) => ({
    number,
    content: lines[number - 1] ?? '',
    isAfterGap: index > 0 && numbers[index - 1] !== number - 1,
  }));
}

/** Maximum number of lines that an entry may have to be shown completely. */
const longest = 16;

/** Returns the last line of the entry: the lines after the first one are indented further. */
function entryEnd(lines: readonly string[], first: number): number {
  const depth = depthOf(lines[first - 1]);
  let end = first;
  for (let number = first + 1; number <= lines.length; number++) {
    if ((lines[number - 1] ?? '').trim() === '') continue;
    if (depthOf(lines[number - 1]) <= depth) break;
    end = number;
  }
  return end;
}

/** Returns the indentation of a line. */
function depthOf(line = ''): number {
  return line.length - line.trimStart().length;
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
