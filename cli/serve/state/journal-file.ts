import { close, constants, fchmod, fdatasync, ftruncate, open, rm, write } from 'node:fs';
import { promisify } from 'node:util';

/** The file of a journal. A test can pass another implementation, which simulates a disk that fails or hangs. */
export interface JournalFile {
  /**
   * Writes all bytes. They are durable when the promise resolves.
   * @throws Error of the system.
   */
  write(bytes: Buffer, position: number): Promise<void>;
  /** @param size in bytes. @throws Error of the system. */
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Removes an existing file or link of this name, and opens a new file, so that a link cannot lead to another file. Only the owner may read
 * the new file.
 *
 * With `O_DSYNC` a write is durable when it returns, without a second call. The file uses callbacks, because they need less processor time
 * than a `FileHandle`, and each group of changes needs one call.
 *
 * @throws Error of the system.
 */
export async function openJournalFile(path: string): Promise<JournalFile> {
  const { O_CREAT, O_EXCL, O_WRONLY } = constants;
  await promisify(rm)(path, { force: true });
  const file = await promisify(open)(path, O_CREAT | O_EXCL | O_WRONLY | durableWrites, 0o600);
  try {
    await promisify(fchmod)(file, 0o600);
  } catch (error) {
    await promisify(close)(file);
    throw error;
  }
  return {
    write: (bytes, position) => writeAll(file, bytes, position),
    truncate: (size) => promisify(ftruncate)(file, size),
    close: () => promisify(close)(file),
  };
}

/** The flag is 0 on a system that does not have it, such as Windows. */
const durableWrites = constants.O_DSYNC ?? 0;

function writeAll(file: number, bytes: Buffer, position: number): Promise<void> {
  return new Promise((done, fail) => {
    const writeFrom = (at: number): void =>
      write(file, bytes, at, bytes.length - at, position + at, (error, written) => {
        if (error !== null) fail(error);
        else if (at + written < bytes.length) writeFrom(at + written);
        else if (durableWrites !== 0) done();
        else fdatasync(file, (unsynced) => (unsynced === null ? done() : fail(unsynced)));
      });
    writeFrom(0);
  });
}
