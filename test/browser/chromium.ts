import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of the Chromium program; undefined if it is not installed. */
export const chromium = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'chromium'))
  .find((path) => existsSync(path));
