import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { FileProblem, whyNot } from '../../files/file-problem.ts';

/**
 * Writes like `writeAtomically`, but asynchronously, so that a disk that hangs does not stop the lab. Only the owner may read the file.
 * The folder must exist.
 *
 * @throws FileProblem if the file cannot be written; the old text is then unchanged.
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
