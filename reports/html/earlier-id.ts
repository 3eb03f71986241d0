/** ID of a scenario of the earlier run, beside the same one of the later. */
export function earlierId(id: string): string {
  return `then:${id}`;
}
