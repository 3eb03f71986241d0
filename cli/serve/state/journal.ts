import { dirname } from 'node:path';
import type { SavedChange } from '../../../core/cloud/snapshot.ts';
import { changeLine, headLine } from './change-lines.ts';
import { openJournalFile, type JournalFile } from './journal-file.ts';
import { syncFolder } from './sync-folder.ts';

/**
 * A file to which changes are appended; a change is durable when `append` resolves. Only one append may run at a time.
 *
 * This class extends the file with zero octets in advance and writes lines over them. So the disk need not write a new file size for each
 * line.
 */
export class Journal {
  readonly #file: JournalFile;
  readonly #snapshotHash: string;
  #lines = 0;
  /** Size of all lines in bytes. */
  #bytes = 0;
  /** Size of the file in bytes, including the reserved space after the lines. */
  #size = 0;
  /** True if the file may have wrong contents and must not receive further lines. */
  #isDoubtful = false;
  #closed: Promise<void> | undefined;

  private constructor(file: JournalFile, snapshotHash: string) {
    this.#file = file;
    this.#snapshotHash = snapshotHash;
  }

  /**
   * Creates a journal for the changes after a snapshot. Replaces any file of that name. Only the owner may read the journal, because it
   * contains keys.
   *
   * @throws Error of the system.
   */
  static async create(path: string, snapshotHash: string, openFile = openJournalFile): Promise<Journal> {
    const file = await openFile(path);
    const journal = new Journal(file, snapshotHash);
    try {
      await journal.#write(headLine(snapshotHash));
      await syncFolder(dirname(path));
      return journal;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** True if lines can be appended. If false, further changes need a new snapshot. */
  get isUsable(): boolean {
    return !this.#isDoubtful;
  }

  /** @throws Error of the system. The file then has no part of the line, or `isUsable` is false. */
  async append(changes: readonly SavedChange[]): Promise<void> {
    await this.#write(changeLine(this.#snapshotHash, this.#lines, changes));
  }

  /** Refuses further lines, because a newer snapshot replaces this journal. */
  retire(): void {
    this.#isDoubtful = true;
  }

  /** Closes the file once. A second close could hit another file, because the system reuses file descriptors. */
  async close(): Promise<void> {
    await (this.#closed ??= this.#file.close());
  }

  async #write(line: string): Promise<void> {
    const bytes = Buffer.from(line);
    try {
      if (this.#bytes + bytes.length > this.#size) await this.#extend(bytes.length);
      this.#isDoubtful = true;
      await this.#file.write(bytes, this.#bytes);
    } catch (error) {
      // After any other error, the contents of the disk are unknown: the kernel may have dropped pages that it could not write.
      if (isOutOfRoom(error)) await this.#cut();
      throw error;
    }
    this.#isDoubtful = false;
    this.#lines++;
    this.#bytes += bytes.length;
    this.#size = Math.max(this.#size, this.#bytes);
  }

  /** Extends the file for this line and further lines. If the disk has no space for further lines, writes only this line. */
  async #extend(lineBytes: number): Promise<void> {
    const room = Buffer.alloc(lineBytes + roomBytes);
    this.#isDoubtful = true;
    try {
      await this.#file.write(room, this.#bytes);
      this.#size = this.#bytes + room.length;
    } catch (error) {
      if (!isOutOfRoom(error)) throw error;
      await this.#cut();
    }
  }

  /** Truncates the file after its last line. */
  async #cut(): Promise<void> {
    await this.#file.truncate(this.#bytes);
    this.#size = this.#bytes;
    this.#isDoubtful = false;
  }
}

/** Number of bytes by which the file of a journal is extended. */
const roomBytes = 256 * 1024;

function isOutOfRoom(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
