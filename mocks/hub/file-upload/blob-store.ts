import { failedWith, succeeded, type Result } from '../../../core/result.ts';
import { createHash } from 'node:crypto';
import type { Clock, Millis } from '../../../core/time/clock.ts';
import type { Random } from '../../../core/random.ts';
import { SpoolFile } from './spool-file.ts';

/** A contiguous part of a blob, stored in a temporary file. */
interface Part {
  readonly file: SpoolFile;
  readonly offset: number;
  readonly size: number;
}

/** The metadata of a blob, as the client sent them. */
export interface BlobDescription {
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A block blob that the client has committed. */
export interface Blob extends BlobDescription {
  readonly name: string;
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  readonly lastModified: Millis;
  /** MD5 of the content in base64. Present only if the client uploaded the blob in one request. */
  readonly md5?: string;
}

interface Entry {
  blob?: Blob;
  committed: readonly (Part & { readonly id?: string })[];
  readonly staged: Map<string, Part>;
}

/** The reason why the store refuses a write. `code` is an error code of the Blob service REST API. */
export interface BlobRefusal {
  readonly code: 'RequestBodyTooLarge' | 'InvalidInput' | 'Md5Mismatch' | 'InvalidBlobOrBlock' | 'InvalidBlockList';
}

/** The body of an upload request, and the length in bytes that the request declares. */
export interface Upload {
  readonly length: number;
  readonly chunks: AsyncIterable<Buffer>;
  /** MD5 (base64) that the client computed; absent if the client sent none. */
  readonly md5?: string | undefined;
}

/**
 * The block blobs of one container. The contents are in unnamed temporary files. The store contains at most 1 GiB and
 * 1000 blobs. Above these limits it deletes the oldest blobs.
 */
export class BlobStore {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  find(name: string): Blob | undefined {
    return this.#entries.get(name)?.blob;
  }

  /** Returns the blobs in the order of their names. */
  all(): readonly Blob[] {
    const blobs = [...this.#entries.values()].flatMap(({ blob }) => blob ?? []);
    return blobs.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Stores a whole blob from one request (operation Put Blob). */
  async put(name: string, upload: Upload, description: BlobDescription): Promise<Result<Blob, BlobRefusal>> {
    const written = await this.#write(upload);
    if (!written.ok) return written;
    const { part, md5 } = written.value;
    const entry = this.#entry(name);
    const blob = this.#newBlob(name, part.size, description);
    return succeeded(await this.#settle(entry, { ...blob, md5 }, [part]));
  }

  /**
   * Stores a block for a later block list (operation Put Block).
   *
   * @param id base64. All block IDs of a blob have the same length.
   */
  async putBlock(name: string, id: string, upload: Upload): Promise<Result<{ readonly md5: string }, BlobRefusal>> {
    const other = this.#entries.get(name)?.staged.keys().next().value;
    if (other !== undefined && other.length !== id.length) return failedWith({ code: 'InvalidBlobOrBlock' });
    const written = await this.#write(upload);
    if (!written.ok) return written;
    const entry = this.#entry(name);
    const former = entry.staged.get(id);
    entry.staged.set(id, written.value.part);
    if (former !== undefined) await former.file.close();
    return succeeded({ md5: written.value.md5 });
  }

  /** Creates a blob from stored blocks, in the order of the list (operation Put Block List). */
  async commit(
    name: string,
    list: readonly { readonly id: string; readonly from: 'Committed' | 'Uncommitted' | 'Latest' }[],
    description: BlobDescription,
  ): Promise<Result<Blob, BlobRefusal>> {
    const entry = this.#entry(name);
    const parts = list.flatMap(({ id, from }) => {
      const staged = from === 'Committed' ? undefined : entry.staged.get(id);
      const found = staged ?? (from === 'Uncommitted' ? undefined : entry.committed.find((each) => each.id === id));
      return found === undefined ? [] : [{ ...found, id }];
    });
    if (parts.length !== list.length) return failedWith({ code: 'InvalidBlockList' });
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    return succeeded(await this.#settle(entry, this.#newBlob(name, size, description), parts));
  }

  /** Returns the bytes from `start` to before `end`. If `end` is beyond the end of the blob, returns fewer bytes. */
  async read(name: string, start: number, end: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let at = 0;
    for (const { file, offset, size } of this.#entries.get(name)?.committed ?? []) {
      const [from, to] = [Math.max(start - at, 0), Math.min(end - at, size)];
      if (from < to) pieces.push(await file.read(offset + from, to - from));
      at += size;
    }
    return Buffer.concat(pieces);
  }

  async close(): Promise<void> {
    const files = [...this.#entries.values()].flatMap((entry) => [...filesOf(entry)]);
    this.#entries.clear();
    await Promise.all(files.map((file) => file.close()));
  }

  #entry(name: string): Entry {
    const known = this.#entries.get(name);
    if (known !== undefined) return known;
    const entry: Entry = { committed: [], staged: new Map() };
    this.#entries.set(name, entry);
    return entry;
  }

  async #write({
    length,
    chunks,
    md5,
  }: Upload): Promise<Result<{ readonly part: Part; readonly md5: string }, BlobRefusal>> {
    if (length > sizeLimit) return failedWith({ code: 'RequestBodyTooLarge' });
    const file = await SpoolFile.create();
    const offset = file.reserve(length);
    const hash = createHash('md5');
    let size = 0;
    for await (const chunk of chunks) {
      if (size + chunk.length > length) break;
      await file.write(chunk, offset + size);
      hash.update(chunk);
      size += chunk.length;
    }
    const sum = hash.digest('base64');
    const code = size !== length ? 'InvalidInput' : md5 !== undefined && md5 !== sum ? 'Md5Mismatch' : undefined;
    if (code === undefined) return succeeded({ part: { file, offset, size }, md5: sum });
    await file.close();
    return failedWith({ code });
  }

  #newBlob(name: string, size: number, description: BlobDescription): Blob {
    const etag = `"0x8D${this.#random.bytes(7).toString('hex').toUpperCase()}"`;
    return { ...description, name, size, etag, lastModified: this.#clock.now() };
  }

  /** Makes `blob` the current version of an entry, and deletes the files that no version uses any more. */
  async #settle(entry: Entry, blob: Blob, parts: Entry['committed']): Promise<Blob> {
    const former = filesOf(entry);
    entry.blob = blob;
    entry.committed = parts;
    entry.staged.clear();
    // Deletes the old entry first, so that the newest blob is the last entry of the map.
    this.#entries.delete(blob.name);
    this.#entries.set(blob.name, entry);
    const used = new Set(filesOf(entry));
    await Promise.all([...former].filter((file) => !used.has(file)).map((file) => file.close()));
    await this.#makeRoom(blob.name);
    return blob;
  }

  async #makeRoom(newest: string): Promise<void> {
    for (const [name, entry] of this.#entries) {
      if (this.#size() <= sizeLimit && this.#entries.size <= blobLimit) return;
      if (name === newest) continue;
      this.#entries.delete(name);
      await Promise.all([...filesOf(entry)].map((file) => file.close()));
    }
  }

  #size(): number {
    return [...this.#entries.values()].reduce(
      (sum, { committed, staged }) => [...committed, ...staged.values()].reduce((inner, { size }) => inner + size, sum),
      0,
    );
  }
}

function filesOf({ committed, staged }: Entry): ReadonlySet<SpoolFile> {
  return new Set([...committed, ...staged.values()].map(({ file }) => file));
}

const sizeLimit = 1024 ** 3;
const blobLimit = 1000;
