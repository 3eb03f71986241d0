/** Returns the ID of a scenario in the earlier run, distinct from its ID in the present run. */
export function earlierId(id: string): string {
  return `then:${id}`;
}
