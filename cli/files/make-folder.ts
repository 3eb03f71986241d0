import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { FileProblem, whyNot } from './file-problem.ts';

/**
 * Creates a folder and the missing folders above it. It does not use `mkdirSync` with `recursive`, which never returns for a path
 * below /proc (Node 20 and 22).
 *
 * @param mode of the created folders.
 * @throws FileProblem if a folder cannot be created.
 */
export function makeFolder(path: string, mode = 0o777): void {
  const whole = resolve(path);
  const missing: string[] = [];
  for (let at = whole; ; at = dirname(at)) {
    const found = look(at, whole);
    if (found?.isDirectory() === true) break;
    if (found !== undefined) throw new FileProblem(`${whole} cannot be created: ${at} is a file, not a folder`);
    missing.unshift(at);
    if (dirname(at) === at) break;
  }
  for (const folder of missing) {
    try {
      mkdirSync(folder, { mode });
    } catch (error) {
      // Another process may have created the folder after this function looked for it.
      if (look(folder, whole)?.isDirectory() !== true) {
        throw new FileProblem(`the folder ${whole} cannot be created: ${whyNot(error)} (${folder})`, { cause: error });
      }
    }
  }
}

function look(path: string, whole: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new FileProblem(`the folder ${whole} cannot be created: ${whyNot(error)} (${path})`, { cause: error });
  }
}
