import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Mistake } from './mistakes/mistake.ts';

/**
 * Returns the scenario files for a list of paths, sorted and without duplicates. A folder means all `.yaml` and `.yml` files below it,
 * except `topics.yaml`, `node_modules` and names that start with a dot. The search follows symbolic links. A path that does not exist is a
 * mistake.
 * @param near returns a suggestion for a path that does not exist, such as `; did you mean "x"?`. Default: none.
 */
export function findFiles(
  paths: readonly string[],
  near: (path: string) => string = () => '',
): {
  readonly files: readonly string[];
  readonly mistakes: readonly Mistake[];
} {
  const files = new Set<string>();
  const mistakes: Mistake[] = [];
  for (const path of paths) {
    try {
      const kind = statSync(path, { throwIfNoEntry: false });
      if (kind === undefined) mistakes.push(noSuchPath(path, near));
      else if (kind.isDirectory()) for (const file of filesBelow(path)) files.add(file);
      else files.add(join(path));
    } catch (error) {
      // An error of the operating system, such as a missing permission, a loop of symbolic links, or an invalid name.
      const why = error instanceof Error ? error.message : String(error);
      mistakes.push({ file: path, line: 1, column: 1, message: `the path cannot be read: ${why}` });
    }
  }
  return { files: [...files].toSorted(), mistakes };
}

/**
 * Follows symbolic links, because a file that is left out would look like a file without a failure. An entry with the name of a scenario file
 * that is no file, such as a broken link, is in the list too, so that reading it reports the mistake.
 * @param parents real paths of the folders that contain this one; a link to one of them would lead round in a circle.
 */
function filesBelow(folder: string, parents: readonly string[] = []): readonly string[] {
  const real = realpathSync(folder);
  if (parents.includes(real)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    const path = join(folder, entry.name);
    const isFolder = entry.isSymbolicLink() ? leadsToFolder(path) : entry.isDirectory();
    if (isFolder) return filesBelow(path, [...parents, real]);
    return /\.ya?ml$/.test(entry.name) && !/^topics\.ya?ml$/.test(entry.name) ? [path] : [];
  });
}

function leadsToFolder(link: string): boolean {
  try {
    return statSync(link, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ELOOP') return false;
    throw error;
  }
}

function noSuchPath(path: string, near: (path: string) => string): Mistake {
  return { file: path, line: 1, column: 1, message: `there is no such file or folder${near(path)}` };
}
