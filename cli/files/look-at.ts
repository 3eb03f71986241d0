import { lstatSync, type Stats } from 'node:fs';

/** Returns the status of a path without following a link in its last part. Undefined if the path or a parent folder does not exist. */
export function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}
