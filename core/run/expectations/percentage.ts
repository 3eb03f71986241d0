/** Returns a share in percent with three digits after the point, so that 999,999 of a million do not become 100. */
export function percentage(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part / whole) * 100_000) / 1000;
}
