/** Returns an ID for a scenario of the earlier run that differs from the ID of the same scenario in the current run. */
export function earlierId(id: string): string {
  return `then:${id}`;
}
