import type { Row } from './timeline-rows.ts';

/** A block of rows that occurs several times in direct succession, such as the events of each device of a fleet. */
export interface Repeat {
  /** Index of the first row of the first block. */
  readonly first: number;
  /** Number of rows in one block. */
  readonly period: number;
  /** Number of occurrences of the block, at least `fewest`. */
  readonly times: number;
}

/** Minimum number of occurrences of a block that the list folds. */
const fewest = 3;
/** Maximum number of rows in a block. A device that registers and sends telemetry has about a dozen events. */
const longestPeriod = 24;

/**
 * Finds blocks of rows that repeat. Rows are alike if their actor, kind and outcome are the same, and their texts differ only in numbers,
 * such as those of fleet devices. A block never contains the start of a step. Needs time proportional to the number of rows.
 */
export function repeatsIn(rows: readonly Row[]): readonly Repeat[] {
  const shapes = numbersOf(rows.map(shapeOf));
  const runs = Array.from({ length: longestPeriod }, (_, index) => equalRuns(shapes, index + 1));
  const found: Repeat[] = [];
  for (let first = 0; first < rows.length;) {
    const best = bestAt(runs, first);
    if (best === undefined) first += 1;
    else {
      found.push(best);
      first += best.period * best.times;
    }
  }
  return found;
}

function shapeOf(row: Row, index: number): string {
  // The index makes the row for each start of a step unique, so that no repeated block contains such a row.
  if (row.kind === 'step') return `step ${index}`;
  if (row.kind === 'fold') return 'fold';
  const text = row.text.replaceAll(longName, '#').replaceAll(variable, '#');
  return [row.tone, row.isRefusal, row.span?.from, row.span?.to, text].join('|');
}

/** Matches the registration ID of a TPM device, which is a hash in base32. */
const longName = /\b[a-z2-7]{40,}\b/g;

/**
 * Matches request numbers, hexadecimal identifiers, instants, and the numbers in names: `$rid=3`, `-12` of `sensor-12`, `#3` of `line#3`.
 * Does not match status codes.
 */
const variable = /\$rid=\d+|\b[\da-f]{8,}(?:[-.][\da-f]+)*|\b[-#]\d+|\d{4}-\d\d-\d\dT[\d:.]+Z?/g;

/** Replaces each text with a number, and equal texts with the same number, because comparing numbers is faster. */
function numbersOf(texts: readonly string[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(texts, (text) => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  });
}

/** Returns, for each row, how many consecutive rows from this row on are equal to the row `period` rows later. */
function equalRuns(shapes: Int32Array, period: number): Int32Array {
  const runs = new Int32Array(shapes.length);
  for (let index = shapes.length - period - 1; index >= 0; index -= 1) {
    runs[index] = shapes[index] === shapes[index + period] ? (runs[index + 1] ?? 0) + 1 : 0;
  }
  return runs;
}

/**
 * Returns the repeat that starts at a row and covers the most rows. If several repeats cover the same number of rows, returns the repeat
 * with the shortest block.
 */
function bestAt(runs: readonly Int32Array[], first: number): Repeat | undefined {
  let best: Repeat | undefined;
  for (const [index, run] of runs.entries()) {
    const period = index + 1;
    const times = Math.floor((run[first] ?? 0) / period) + 1;
    if (times < fewest || period * times <= (best === undefined ? 0 : best.period * best.times)) continue;
    best = { first, period, times };
  }
  return best;
}
