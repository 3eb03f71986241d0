import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { FileProblem, whyNot } from './file-problem.ts';
import { isReplaceable } from './is-replaceable.ts';
import { makeFolder } from './make-folder.ts';

export interface WriteSettings {
  /** Permissions of the file, independent of the umask. Default: 0666 reduced by the umask. */
  readonly mode?: number;
  /**
   * If true, the text is on the disk when the call returns, and survives a power failure. The call then takes some milliseconds longer. Use
   * false for a file that the next run can create again. Default: true.
   */
  readonly isDurable?: boolean;
}

/** Returns true if `found` is the name of a draft that a killed process left beside `name`. */
export function isDraftOf(name: string, found: string): boolean {
  return found.startsWith(`${name}.`) && /^[0-9a-f]{16}\.tmp$/.test(found.slice(name.length + 1));
}

/**
 * Writes a file so that a reader finds either the old text or the complete new text, even after a kill. Creates the folder. The text goes
 * to a draft file first. Its name is unpredictable, and it is created exclusively: never through a link or into the file of another user.
 * If writing fails, the draft is removed. A device, a pipe or a socket is not replaced.
 *
 * @throws FileProblem if the file cannot be written; the old text is then unchanged.
 */
export function writeAtomically(
  path: string,
  text: string | Uint8Array,
  { mode, isDurable = true }: WriteSettings = {},
): void {
  if (!isReplaceable(path)) {
    throw new FileProblem(`${path} cannot be written: it is a folder, a device, a pipe or a socket; name a file`);
  }
  makeFolder(dirname(path));
  const draft = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    const file = openSync(draft, 'wx', mode ?? 0o666);
    try {
      if (mode !== undefined) fchmodSync(file, mode);
      writeFileSync(file, text);
      if (isDurable) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new FileProblem(`${path} cannot be written: ${whyNot(error)}`, { cause: error });
  }
}
