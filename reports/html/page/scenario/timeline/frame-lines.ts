/** A line of a file, as it is shown. */
export interface FrameLine {
  /** From 1. */
  readonly number: number;
  readonly content: string;
  /** Whether lines were left out before it. */
  readonly isAfterGap: boolean;
}

/**
 * The entry of the timeline that begins in a line, and the line of its expectation, which may stand in the matrix and far
 * from it. Of a long entry only the lines near the expectation.
 *
 * @param step line in which the step begins, from 1; undefined where that is not known.
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

/** Lines that are shown of an entry whole. */
const longest = 16;

/** The last line that is further in than the first one, which begins the entry. */
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

/** How far in a line begins. */
function depthOf(line = ''): number {
  return line.length - line.trimStart().length;
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
