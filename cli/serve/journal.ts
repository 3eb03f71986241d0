import { dirname } from 'node:path';
import type { SavedChange } from '../../core/cloud/snapshot.ts';
import { changeLine, headLine } from './change-lines.ts';
import { openJournalFile, type JournalFile } from './journal-file.ts';
import { syncFolder } from './sync-folder.ts';

/**
 * A file to which changes are appended, durable when `append` resolves. One append at a time.
 *
 * Lines are written over octets of 0 that the file has in advance: then the disk has only the line to write, and not the new size of
 * the file as well.
 */
export class Journal {
  readonly #file: JournalFile;
  readonly #snapshotHash: string;
  #lines = 0;
  /** Of all lines. */
  #bytes = 0;
  /** Of the file. */
  #size = 0;
  /** Whether the file may hold what was not written there: it takes no more lines. */
  #isDoubtful = false;
  #closed: Promise<void> | undefined;

  private constructor(file: JournalFile, snapshotHash: string) {
    this.#file = file;
    this.#snapshotHash = snapshotHash;
  }

  /**
   * Starts a journal that follows a snapshot, in place of any file of that name. Only its owner may read it: it holds keys.
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

  /** Whether lines can be appended. If not, only a new snapshot makes what follows durable. */
  get isUsable(): boolean {
    return !this.#isDoubtful;
  }

  /** @throws Error of the system. Nothing of the line is in the file then, or `isUsable` is false. */
  async append(changes: readonly SavedChange[]): Promise<void> {
    await this.#write(changeLine(this.#snapshotHash, this.#lines, changes));
  }

  /** A newer snapshot has everything that is in it: what came here now would be lost. */
  retire(): void {
    this.#isDoubtful = true;
  }

  /** May be called again: the system gives the number of a closed file to the next one. */
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
      // Of other failures nobody knows what is on the disk: the kernel may have given up pages that it could not write.
      if (isOutOfRoom(error)) await this.#cut();
      throw error;
    }
    this.#isDoubtful = false;
    this.#lines++;
    this.#bytes += bytes.length;
    this.#size = Math.max(this.#size, this.#bytes);
  }

  /** Makes room for a line and more. Without room for more on the disk, the line alone is tried. */
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

  /** Leaves the lines alone. */
  async #cut(): Promise<void> {
    await this.#file.truncate(this.#bytes);
    this.#size = this.#bytes;
    this.#isDoubtful = false;
  }
}

/** How much a journal grows at once. */
const roomBytes = 256 * 1024;

function isOutOfRoom(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
