import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder that rehearse is installed in, found from this file or from a bundle (bundle.mjs). If the bundle is in the cache folder of the
 * user, it contains a symbolic link `package.json`, which points into the installation.
 */
export const packageRoot = rootAbove(dirname(fileURLToPath(import.meta.url)));

function rootAbove(folder: string): string {
  const file = join(folder, 'package.json');
  return existsSync(file) ? dirname(realpathSync(file)) : rootAbove(dirname(folder));
}

/** Returns the version of this package. */
export function packageVersion(): string {
  const { version }: { version: string } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  return version;
}
