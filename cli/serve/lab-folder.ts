import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { folderHolder, holdFolder } from '../../sim/processes/folder-lock.ts';
import { makeFolder } from '../files/make-folder.ts';
import { openRunDirectory } from '../../sim/tpm/state-dirs.ts';

/** Where a lab keeps what has to be a file: certificates, keys of its CAs, TPM states, sockets. */
export interface LabFolder {
  readonly path: string;
  /** For what never outlives the lab; a short path, as socket addresses have little room. */
  readonly scratch: string;
  /** Writes a file that only its owner may read. Returns its path. */
  write(name: string, text: string): string;
  /** Makes a private folder where there is none yet. Returns its path. */
  folder(name: string): string;
  close(): void;
}

/**
 * Opens the folder beside a state file, `FILE.d`, or one that goes with the lab where nothing is to be kept.
 *
 * @returns a sentence where another lab works on it.
 */
export async function openLabFolder(stateFile: string | undefined): Promise<LabFolder | string> {
  const path = stateFile === undefined ? undefined : `${resolve(stateFile)}.d`;
  const unlock = path === undefined ? () => {} : await lock(path);
  if (typeof unlock === 'string') return unlock;
  const scratch = openRunDirectory();
  const place = path ?? scratch.path;
  return {
    path: place,
    scratch: scratch.path,
    write: (name, text) => {
      const file = join(place, name);
      makeFolder(dirname(file), 0o700);
      rmSync(file, { force: true });
      writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
      return file;
    },
    folder: (name) => {
      const folder = join(place, name);
      makeFolder(folder, 0o700);
      return folder;
    },
    close: () => {
      scratch.close();
      unlock();
    },
  };
}

/**
 * Lets one lab at a time work on a folder: two would overwrite each other's state. Each lab holds a folder of its own inside,
 * then looks for others: of two that start at once, at least one sees the other. The lock of a lab that was killed does not count.
 *
 * @returns a function that ends the hold, or a sentence if another lab works on the folder.
 */
async function lock(path: string): Promise<(() => void) | string> {
  makeFolder(path, 0o700);
  const own = mkdtempSync(join(path, 'lock-'));
  const release = holdFolder(own);
  if (typeof release === 'string') return release;
  const unlock = (): void => {
    release();
    rmSync(own, { recursive: true, force: true });
  };
  for (const name of readdirSync(path)) {
    const other = join(path, name);
    if (!/^lock-\w{6}$/.test(name) || other === own) continue;
    const holder = await folderHolder(other);
    if (holder === 'dead') rmSync(other, { recursive: true, force: true });
    if (holder !== 'live') continue;
    unlock();
    return 'another lab works on this state; end it first, or give this lab another state file';
  }
  return unlock;
}
