/** Returns the pattern of `--grep` that chooses the scenarios with these IDs and no others. */
export function idsPattern(ids: readonly string[]): string {
  const escaped = ids.map((id) => id.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return escaped.length === 1 ? `^${escaped[0]} ` : `^(${escaped.join('|')}) `;
}
