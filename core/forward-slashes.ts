import { sep } from 'node:path';

/** Returns a path with `/` between its parts. On Linux, a backslash is a character of a name and stays. */
export function forwardSlashes(path: string): string {
  return path.split(sep).join('/');
}
