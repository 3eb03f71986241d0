import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Folders in which distributions install shared libraries. */
const folders = ['/usr/lib', '/usr/lib64', '/usr/local/lib', '/lib'];

/**
 * Returns the path of a shared library of the system, such as `libnss_wrapper.so` or `faketime/libfaketime.so.1`; undefined if it is not
 * installed. Looks in the folders of this architecture too (Debian: /usr/lib/x86_64-linux-gnu).
 */
export function findLibrary(name: string): string | undefined {
  return folders
    .flatMap((folder) => [folder, ...architecturesIn(folder)])
    .map((folder) => join(folder, name))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

function architecturesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.includes(`${architecture}-linux`))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

const architecture = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch;
