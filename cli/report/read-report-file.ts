import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Reads a file of a report folder, which may come from another computer or from a job that runs the code of strangers: only a
 * regular file that is reached without a link.
 *
 * @param names folders and file below `folder`.
 * @throws Error with a sentence if it is something else, and Error of the system if it cannot be read.
 */
export function readReportFile(folder: string, names: readonly string[]): Buffer {
  for (const depth of names.keys()) {
    const path = join(folder, ...names.slice(0, depth + 1));
    if (lstatSync(path).isSymbolicLink()) throw new Error(`${path} is a link; a report folder holds none`);
  }
  const path = join(folder, ...names);
  // Again for the file itself: it may have become a link since. A pipe must not hold the reader up.
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) throw new Error(`${path} is no regular file`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
