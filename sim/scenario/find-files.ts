import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Mistake } from './scenario.ts';
import { suggest } from './mistakes/suggest.ts';

/**
 * The scenario files that paths stand for, sorted and each once: files as they are named, folders with all `.yaml` and
 * `.yml` below them but `topics.yaml`, `node_modules` and what starts with a dot. A path that leads nowhere is a mistake.
 */
export function findFiles(paths: readonly string[]): {
  readonly files: readonly string[];
  readonly mistakes: readonly Mistake[];
} {
  const files = new Set<string>();
  const mistakes: Mistake[] = [];
  for (const path of paths) {
    try {
      const kind = statSync(path, { throwIfNoEntry: false });
      if (kind === undefined) mistakes.push(noSuchPath(path));
      else if (kind.isDirectory()) for (const file of filesBelow(path)) files.add(file);
      else files.add(join(path));
    } catch (error) {
      // Of the system: no permission, a circle of links, a name that is none.
      const why = error instanceof Error ? error.message : String(error);
      mistakes.push({ file: path, line: 1, column: 1, message: `it cannot be looked at: ${why}` });
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

function noSuchPath(path: string): Mistake {
  return { file: path, line: 1, column: 1, message: `there is no such file or folder${nearSibling(path)}` };
}

function nearSibling(path: string): string {
  try {
    return suggest(basename(path), readdirSync(dirname(path)));
  } catch {
    return '';
  }
}
