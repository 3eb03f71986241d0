/** The positions of the rows of a list, in pixels from its top. */
export interface RowOffsets {
  /** Returns the top of a row. For the index after the last row, returns the height of the list. */
  readonly top: (row: number) => number;
  /** Returns the index of the row at a position. The position may be negative or below the end of the list. */
  readonly at: (position: number) => number;
}

/** Returns the positions of rows of one height, or of rows with their own heights, in pixels. */
export function rowOffsets(heights: number | readonly number[]): RowOffsets {
  if (typeof heights === 'number')
    return { top: (row) => row * heights, at: (position) => Math.floor(position / heights) };
  const tops = [0];
  for (const height of heights) tops.push((tops.at(-1) ?? 0) + height);
  return {
    top: (row) => tops[Math.max(0, Math.min(row, heights.length))] ?? 0,
    at: (position) => {
      let [low, high] = [0, heights.length];
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if ((tops[middle] ?? 0) <= position) low = middle;
        else high = middle - 1;
      }
      return position < 0 ? -1 : low;
    },
  };
}
