/** Returns the largest magnification for a number of rows, at which at least eight rows stay visible. */
export function largestZoom(count: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(count / 8)));
}

/** Returns the first visible row and the row after the last visible one. If possible, the chosen row is in the middle. */
export function zoomWindow(count: number, chosen: number, zoom: number): readonly [number, number] {
  const width = Math.max(1, Math.ceil(count / zoom));
  const first = Math.min(count - width, Math.max(0, Math.max(0, chosen) - Math.floor(width / 2)));
  return [first, first + width];
}
