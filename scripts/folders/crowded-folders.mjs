/** Maximum number of files and folders in a folder. */
export const mostEntries = 25;

/**
 * Returns the folders with more than `mostEntries` entries. The root is exempt: tools require many of its files.
 *
 * @param {readonly string[]} paths files, with `/`.
 * @returns {{ folder: string, count: number }[]} in alphabetical order.
 */
export function crowdedFolders(paths) {
  const entries = new Map();
  for (const path of paths) {
    const names = path.split('/');
    for (let depth = 1; depth < names.length; depth++) {
      const folder = names.slice(0, depth).join('/');
      if (!entries.has(folder)) entries.set(folder, new Set());
      entries.get(folder).add(names[depth]);
    }
  }
  return [...entries]
    .map(([folder, { size }]) => ({ folder, count: size }))
    .filter(({ count }) => count > mostEntries)
    .toSorted((one, other) => (one.folder < other.folder ? -1 : 1));
}
