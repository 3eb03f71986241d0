import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { folderHolder, holdFolder } from '../../sim/processes/folder-lock.ts';
import { FileProblem, whyNot } from '../files/file-problem.ts';
import { lookAt } from '../files/look-at.ts';
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
 * @throws FileProblem if it, or the state file, is a link or something else than a folder and a file.
 */
export async function openLabFolder(stateFile: string | undefined): Promise<LabFolder | string> {
  const path = stateFile === undefined ? undefined : `${resolve(stateFile)}.d`;
  if (stateFile !== undefined) refuseOther(resolve(stateFile));
  const unlock = path === undefined ? () => {} : await lock(path);
  if (typeof unlock === 'string') return unlock;
  const scratch = openRunDirectory();
  const place = path ?? scratch.path;
  return {
    path: place,
    scratch: scratch.path,
    write: (name, text) => {
      const file = join(place, name);
      refuseLinks(place, dirname(name));
      makeFolder(dirname(file), 0o700);
      refuseFolder(file);
      rmSync(file, { force: true });
      writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
      return file;
    },
    folder: (name) => {
      const folder = join(place, name);
      refuseLinks(place, name);
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
  refuseLinks(dirname(path), basename(path));
  makeFolder(path, 0o700);
  closeToOthers(path);
  const own = mkdtempSync(join(path, 'lock-'));
  const held = holdFolder(own);
  if (!held.ok) return held.failure.sentence;
  const unlock = (): void => {
    held.value();
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

/** Whoever can put a link there would decide where keys are written, and which file is replaced. */
function refuseLinks(place: string, name: string): void {
  const names = name.split('/');
  for (const depth of names.keys()) {
    const path = join(place, ...names.slice(0, depth + 1));
    if (lookAt(path)?.isSymbolicLink() !== true) continue;
    throw new FileProblem(
      `${path} is a link, which a lab does not follow; name the place that it leads to with --state`,
    );
  }
}

function refuseOther(stateFile: string): void {
  refuseLinks(dirname(stateFile), basename(stateFile));
  const kind = lookAt(stateFile);
  if (kind === undefined || kind.isFile()) return;
  const what = kind.isDirectory() ? 'a folder' : kind.isFIFO() ? 'a pipe' : kind.isSocket() ? 'a socket' : 'a device';
  throw new FileProblem(`${stateFile} is ${what}; name a file with --state`);
}

function refuseFolder(file: string): void {
  if (lookAt(file)?.isDirectory() !== true) return;
  throw new FileProblem(
    `${file} is a folder, and the lab writes a file of this name; remove it, or choose another --state`,
  );
}

/** Keys are in it: other users must not be able to put anything there. */
function closeToOthers(path: string): void {
  const { mode } = lstatSync(path);
  if (process.platform === 'win32' || (mode & 0o022) === 0) return;
  try {
    chmodSync(path, mode & 0o755);
  } catch (error) {
    throw new FileProblem(`others may write to ${path}, and that cannot be changed: ${whyNot(error)}`, {
      cause: error,
    });
  }
}
