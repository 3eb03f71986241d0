import { open, mkdtemp, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary file without a directory entry. The operating system deletes it when the process ends, even after a crash. */
export class SpoolFile {
  readonly #handle: FileHandle;
  #length = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async create(): Promise<SpoolFile> {
    const folder = await mkdtemp(join(tmpdir(), 'rehearse-blob-'));
    try {
      return new SpoolFile(await open(join(folder, 'data'), 'w+', 0o600));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Reserves `bytes` at the end of the file. Returns the offset of the reserved part. */
  reserve(bytes: number): number {
    const offset = this.#length;
    this.#length += bytes;
    return offset;
  }

  async write(data: Buffer, offset: number): Promise<void> {
    await this.#handle.write(data, 0, data.length, offset);
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const data = Buffer.alloc(length);
    await this.#handle.read(data, 0, length, offset);
    return data;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
