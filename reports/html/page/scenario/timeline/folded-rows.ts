import type { Repeat } from './repeats.ts';
import type { Row } from './timeline-rows.ts';

/** A row of the displayed list. */
export interface ShownRow extends Row {
  /** The repeated block of rows that this row can open or close. */
  readonly repeat?: Repeat & { readonly isOpen: boolean };
}

/**
 * Returns the rows with closed repeats folded. If the repeated block is a single row, only the first row stays. If the block is longer, the
 * first block stays, and one row with the last event of the repeat replaces the other blocks.
 */
export function foldedRows(
  rows: readonly Row[],
  repeats: readonly Repeat[],
  isOpen: (repeat: Repeat) => boolean,
): readonly ShownRow[] {
  const shown: ShownRow[] = [];
  let next = 0;
  for (const repeat of repeats) {
    const { first, period } = repeat;
    const end = endOf(repeat);
    shown.push(...rows.slice(next, first));
    next = end;
    const [head, ...others] = rows.slice(first, isOpen(repeat) ? end : first + period);
    if (head === undefined) continue;
    const isMarked = isOpen(repeat) || period === 1;
    shown.push(isMarked ? { ...head, repeat: { ...repeat, isOpen: isOpen(repeat) } } : head, ...others);
    const last = rows[end - 1];
    if (!isMarked && last !== undefined) shown.push(restOf(repeat, rows[first + period] ?? last, last));
  }
  return [...shown, ...rows.slice(next)];
}

/** Returns true if a closed repeat hides the row with this index. */
export function isHidden({ first, period, times }: Repeat, row: number): boolean {
  const end = first + period * times;
  return row >= first + period && row < (period === 1 ? end : end - 1);
}

function endOf({ first, period, times }: Repeat): number {
  return first + period * times;
}

function restOf(repeat: Repeat, first: Row, last: Row): ShownRow {
  const { period, times } = repeat;
  const more = (times - 1).toLocaleString('en');
  return {
    ...last,
    kind: 'event',
    at: first.at,
    span: undefined,
    text: `the same ${period} events ${more} more times, the last one: ${last.text}`,
    repeat: { ...repeat, isOpen: false },
  };
}
