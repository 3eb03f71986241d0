/**
 * Returns the sentence that a time passes: `1 day passes`, `50 days pass`.
 *
 * @param time the time in words, such as `1 day` or `2 hours 5 minutes`.
 */
export function passingText(time: string): string {
  return `${time} ${/^1 \D+$/.test(time) ? 'passes' : 'pass'}`;
}
