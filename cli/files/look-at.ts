import { lstatSync, type Stats } from 'node:fs';

/** Returns what is at a path without following a link in its last part; undefined if there is nothing, also for want of a folder. */
export function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}
