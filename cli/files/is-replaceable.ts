import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { lookAt } from './look-at.ts';

/**
 * Returns true if a result may take the place of what the path leads to: nothing, or a regular file. A device such as `/dev/null` or a pipe
 * must stay, because other programs use it; so must the links `/dev/stdout` and `/dev/stderr`, even if they lead to a regular file.
 */
export function isReplaceable(path: string): boolean {
  const found = lookAt(path);
  if (found === undefined) return true;
  if (!found.isSymbolicLink()) return found.isFile();
  return dirname(resolve(path)) !== '/dev' && statSync(path, { throwIfNoEntry: false })?.isFile() !== false;
}
