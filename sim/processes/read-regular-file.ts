import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, statSync, type Stats } from 'node:fs';

interface ReadSettings {
  /** Bytes that a file may have. Default: what one read of the system can give. */
  readonly limit?: number;
  /** Whether the last part of the path may be a symbolic link. Default: true. */
  readonly followsLink?: boolean;
}

/**
 * Reads a file that others may have put there: only a regular file, so that a pipe cannot hold the reader up and a device cannot feed
 * it for ever, and only up to a size.
 *
 * @throws Error with a sentence without the path, or Error of the system if it cannot be read.
 */
export function readRegularFile(path: string, { limit, followsLink = true }: ReadSettings = {}): Buffer {
  // Before it is opened: opening alone does something to some devices.
  reject(followsLink ? statSync(path) : lstatSync(path), limit);
  // Again for what was opened: it may have become something else since.
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
