/** Returns a number with its noun: `1 poll`, `2 polls`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
