import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { failed, type Result, succeeded } from '../../core/result.ts';
import { readRegularFile } from '../../sim/processes/read-regular-file.ts';
import { decodeText, type TextFailure, textFailure } from './decode-text.ts';
import { whyNot } from './file-problem.ts';

/**
 * Reads a UTF-8 file that the user named. Fails if the path is a folder, a device or a named pipe, or if the file is larger than `limit`
 * bytes.
 */
export function readText(path: string, limit = sizeLimit): Result<string, TextFailure> {
  try {
    const bytes = readBytes(path, limit);
    return bytes.ok ? decodeText(bytes.value) : unread(bytes.failure.sentence);
  } catch (error) {
    return unread(whyNot(error));
  }
}

/** Reads the bytes of a file that the user named. Fails in the same cases as `readText`. */
export function readOctets(path: string, limit: number): Result<Buffer> {
  try {
    return readBytes(path, limit);
  } catch (error) {
    return failed('unreadable', whyNot(error));
  }
}

/** Default size limit in bytes. No report of a suite is larger than this limit, and the longest string in Node is longer. */
export const sizeLimit = 500 * 1024 ** 2;

function readBytes(path: string, limit: number): Result<Buffer> {
  const kind = statSync(path);
  if (kind.isDirectory()) return failed('folder', 'it is a folder; name a file in it');
  // A device such as /dev/zero never ends. A pipe that a shell opened, as in <(…), ends. A named pipe in a folder may never have a writer.
  if (kind.isCharacterDevice() || kind.isBlockDevice())
    return failed('device', 'it is a device file, not a regular file; name a regular file');
  if (!kind.isFIFO()) return succeeded(readRegularFile(path, { limit }));
  if (!isInherited(path)) return failed('pipe', 'it is a named pipe, which may never have a writer; name a file');
  const file = openSync(path, 'r');
  try {
    const parts: Buffer[] = [];
    for (let size = 0; ;) {
      const part = Buffer.allocUnsafe(65_536);
      const read = readSync(file, part);
      if (read === 0) return succeeded(Buffer.concat(parts));
      size += read;
      if (size > limit) return failed('too-large', `it is larger than ${Math.round(limit / 1024)} KB`);
      parts.push(part.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
}

/** Returns true if the path is a file descriptor that this process inherited. */
function isInherited(path: string): boolean {
  return /^\/(dev\/stdin|(dev|proc\/(self|\d+))\/fd\/\d+)$/.test(path);
}

function unread(reason: string): Result<never, TextFailure> {
  return textFailure({ code: 'unreadable', sentence: `the file cannot be read: ${reason}`, line: 1, column: 1 });
}
