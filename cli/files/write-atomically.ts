import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { FileProblem, whyNot } from './file-problem.ts';
import { makeFolder } from './make-folder.ts';

export interface WriteSettings {
  /** Who may read the file. Default: what the umask leaves of 0666. A mode that is given holds whatever the umask is. */
  readonly mode?: number;
  /**
   * Whether the text is on the disk when this returns, so that it outlives a power cut. Default: true. What the next run can make
   * again does without: it costs some milliseconds.
   */
  readonly isDurable?: boolean;
}

/** Matches the name of a draft that a kill left beside `name`. */
export function isDraftOf(name: string, found: string): boolean {
  return found.startsWith(`${name}.`) && /^[0-9a-f]{16}\.tmp$/.test(found.slice(name.length + 1));
}

/**
 * Writes a file so that a reader, also after a kill, finds either the old text or the whole new one. Makes its folder. The draft
 * beside it has a name that cannot be foretold, is made anew (never through a link or into a file of another user), and is gone if
 * writing fails.
 *
 * @throws FileProblem if the file cannot be written; the old text is then untouched.
 */
export function writeAtomically(path: string, text: string, { mode, isDurable = true }: WriteSettings = {}): void {
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
