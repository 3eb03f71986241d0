import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Mistake } from './mistakes/mistake.ts';

/**
 * Returns the scenario files for a list of paths, sorted and without duplicates. A folder means all `.yaml` and `.yml` files below it,
 * except `topics.yaml`, `node_modules` and names that start with a dot. A path that does not exist is a mistake.
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

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() && /\.ya?ml$/.test(entry.name) && !/^topics\.ya?ml$/.test(entry.name) ? [path] : [];
  });
}

function noSuchPath(path: string, near: (path: string) => string): Mistake {
  return { file: path, line: 1, column: 1, message: `there is no such file or folder${near(path)}` };
}
