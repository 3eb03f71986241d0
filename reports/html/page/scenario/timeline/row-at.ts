/** Returns the row of an event, or of the next event with a row; -1 if `event` is undefined. `event` counts from 0. */
export function rowAt(rows: readonly { readonly event: number }[], event: number | undefined): number {
  if (event === undefined) return -1;
  const row = rows.findIndex((one) => one.event >= event);
  return row < 0 ? rows.length - 1 : row;
}
