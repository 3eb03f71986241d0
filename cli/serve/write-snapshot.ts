import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { FileProblem, whyNot } from '../files/file-problem.ts';

/**
 * Does what `writeAtomically` does, for the owner alone and without stopping the lab while the disk works: a disk that hangs must not
 * hang everything else. The folder exists.
 *
 * @throws FileProblem if the file cannot be written; the old text is then untouched.
 */
export async function writeSnapshot(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.chmod(0o600);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw new FileProblem(`${path} cannot be written: ${whyNot(error)}`, { cause: error });
  }
}
