import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Found } from './part.ts';
import { versionOf } from './version-of.ts';

/** Looks for swtpm, and for libtpms, the library with the TPM functions. */
export async function lookForSwtpm(): Promise<Found> {
  const found = await versionOf('swtpm', ['--version']);
  if (!found.isPresent) return found;
  const library = await libtpmsVersion();
  return { isPresent: true, detail: `${found.detail}${library === undefined ? '' : ` with libtpms ${library}`}` };
}

/**
 * Returns the version in the file name of the library, such as `libtpms.so.0.9.2`; undefined if the loader of the system does not list the
 * library.
 */
async function libtpmsVersion(): Promise<string | undefined> {
  const path = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'swtpm'));
  for (const program of path) {
    const output = await outputOf('ldd', [program]);
    const library = /\slibtpms\.so\S* => (\S+)/.exec(output)?.[1];
    if (library === undefined) continue;
    try {
      return /libtpms\.so\.(\d+(?:\.\d+)+)$/.exec(realpathSync(library))?.[1];
    } catch {
      return undefined;
    }
  }
  return undefined;
}

function outputOf(program: string, words: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, [...words], { encoding: 'utf8', timeout: 10_000 }, (_, stdout) => resolve(stdout));
  });
}
