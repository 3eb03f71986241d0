/** Returns a number with its noun: `1 device`, `5,000 devices`. */
export function counted(count: number, word: string, words = `${word}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? word : words}`;
}
