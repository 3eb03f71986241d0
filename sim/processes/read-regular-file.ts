import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, statSync, type Stats } from 'node:fs';

interface ReadSettings {
  /** Size limit of the file in bytes. Default: the limit of one read of the operating system. */
  readonly limit?: number;
  /** True if the last part of the path may be a symbolic link. Default: true. */
  readonly followsLink?: boolean;
}

/**
 * Reads a file from an untrusted source. Accepts only a regular file within the size limit: a pipe could block the reader, and a device
 * file could be endless.
 * @throws Error with a sentence that does not name the path, or the error of the operating system.
 */
export function readRegularFile(path: string, { limit, followsLink = true }: ReadSettings = {}): Buffer {
  // Checks the file before it is opened, because opening some device files has an effect.
  reject(followsLink ? statSync(path) : lstatSync(path), limit);
  // The check after the open repeats the first check, because another process may have replaced the file meanwhile.
  const noFollow = followsLink ? 0 : constants.O_NOFOLLOW;
  const file = openSync(path, constants.O_RDONLY | noFollow | constants.O_NONBLOCK);
  try {
    reject(fstatSync(file), limit);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function reject(kind: Stats, limit: number | undefined): void {
  if (!kind.isFile()) throw new Error(`it is ${kindOf(kind)}; name a regular file`);
  if (limit !== undefined && kind.size > limit) throw new Error(`it is larger than ${Math.round(limit / 1024)} KB`);
}

function kindOf(kind: Stats): string {
  if (kind.isSymbolicLink()) return 'a link';
  if (kind.isDirectory()) return 'a folder';
  if (kind.isFIFO()) return 'a pipe';
  return kind.isSocket() ? 'a socket' : 'a device';
}
