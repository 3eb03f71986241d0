import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of the browser; undefined if there is none. */
export const chromium = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'chromium'))
  .find((path) => existsSync(path));
