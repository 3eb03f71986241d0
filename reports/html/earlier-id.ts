/** Returns the ID of a scenario of the earlier run. It differs from the ID of the same scenario in the current run. */
export function earlierId(id: string): string {
  return `then:${id}`;
}
