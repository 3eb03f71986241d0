import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SavedChange } from '../../core/cloud/snapshot.ts';
import { changeLine, headLine } from './change-lines.ts';
import { syncFolder } from './sync-folder.ts';

/**
 * A file to which changes are appended, durable when `append` resolves. One append at a time.
 *
 * Lines are written over octets of 0 that the file has in advance: then the disk has only the line to write, and not the new size of
 * the file as well. With `O_DSYNC` a write is durable when it returns, without a second call.
 */
export class Journal {
  readonly #file: FileHandle;
  readonly #snapshotHash: string;
  #lines = 0;
  /** Of all lines. */
  #bytes = 0;
  /** Of the file. */
  #size = 0;
  /** Whether the file may hold what was not written there: it takes no more lines. */
  #isDoubtful = false;

  private constructor(file: FileHandle, snapshotHash: string) {
    this.#file = file;
    this.#snapshotHash = snapshotHash;
  }

  /** Starts a journal that follows a snapshot, in place of any file of that name. Only its owner may read it: it holds keys. */
  static async create(path: string, snapshotHash: string): Promise<Journal> {
    const { O_CREAT, O_TRUNC, O_WRONLY } = constants;
    const file = await open(path, O_CREAT | O_TRUNC | O_WRONLY | durableWrites, 0o600);
    const journal = new Journal(file, snapshotHash);
    try {
      await file.chmod(0o600);
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

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #write(line: string): Promise<void> {
    const bytes = Buffer.from(line);
    try {
      if (this.#bytes + bytes.length > this.#size) await this.#extend(bytes.length);
      this.#isDoubtful = true;
      await writeAll(this.#file, bytes, this.#bytes);
      if (durableWrites === 0) await this.#file.datasync();
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
      await writeAll(this.#file, room, this.#bytes);
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

/** 0 where the system has no such flag, as on Windows. */
const durableWrites = constants.O_DSYNC ?? 0;

/** How much a journal grows at once. */
const roomBytes = 256 * 1024;

function isOutOfRoom(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, position + at);
    at += bytesWritten;
  }
}
