import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFile } from '../../sim/processes/read-regular-file.ts';
import { sizeLimit } from '../files/read-text.ts';

/**
 * Reads a file of a report folder, which may come from another computer or from a job that runs untrusted code. Accepts only a regular
 * file of limited size that is reached without a link.
 *
 * @param names names of the subfolders and of the file, below `folder`.
 * @throws Error with a message for the user if the path is not such a file. Error of the system if the file cannot be read.
 */
export function readReportFile(folder: string, names: readonly string[]): Buffer {
  for (const depth of names.keys()) {
    const path = join(folder, ...names.slice(0, depth + 1));
    if (lstatSync(path).isSymbolicLink()) throw new Error(`${path} is a link; a report folder must not contain links`);
  }
  return readRegularFile(join(folder, ...names), { limit: sizeLimit, followsLink: false });
}
