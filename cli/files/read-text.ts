import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { readRegularFile } from '../../sim/processes/read-regular-file.ts';
import { decodeText, type NoText } from './decode-text.ts';
import { whyNot } from './file-problem.ts';

/** Reads a text file that a user named: UTF-8, of a size that can be meant. What a user names may be anything. */
export function readText(path: string, limit = sizeLimit): string | NoText {
  try {
    const bytes = readBytes(path, limit);
    return typeof bytes === 'string' ? unread(`the file cannot be read: ${bytes}`) : decodeText(bytes);
  } catch (error) {
    return unread(`the file cannot be read: ${whyNot(error)}`);
  }
}

/** Bytes. Larger than any report that a suite of ours leaves, and less than the longest text that Node can hold. */
export const sizeLimit = 500 * 1024 ** 2;

function readBytes(path: string, limit: number): Buffer | string {
  const kind = statSync(path);
  if (kind.isDirectory()) return 'it is a folder; name a file in it';
  // A device such as /dev/zero has no end. A pipe has one if a shell opened it, as in <(…); one in a folder may have no writer.
  if (kind.isCharacterDevice() || kind.isBlockDevice()) return 'it is a device; name a file';
  if (!kind.isFIFO()) return readRegularFile(path, { limit });
  if (!isInherited(path)) return 'it is a named pipe, which may never have a writer; name a file';
  const file = openSync(path, 'r');
  try {
    const parts: Buffer[] = [];
    for (let size = 0; ;) {
      const part = Buffer.allocUnsafe(65_536);
      const read = readSync(file, part);
      if (read === 0) return Buffer.concat(parts);
      size += read;
      if (size > limit) return `it is larger than ${Math.round(limit / 1024)} KB`;
      parts.push(part.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
}

/** Whether the path is a descriptor that this process was given when it was started. */
function isInherited(path: string): boolean {
  return /^\/(dev\/stdin|(dev|proc\/(self|\d+))\/fd\/\d+)$/.test(path);
}

function unread(message: string): NoText {
  return { line: 1, column: 1, message };
}
