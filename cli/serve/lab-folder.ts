import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { failed, type Result, succeeded } from '../../core/result.ts';
import { folderHolder, holdFolder } from '../../sim/processes/folder-lock.ts';
import { FileProblem, whyNot } from '../files/file-problem.ts';
import { lookAt } from '../files/look-at.ts';
import { makeFolder } from '../files/make-folder.ts';
import { openRunDirectory } from '../../sim/tpm/state-dirs.ts';

/** The folder for the files of a lab: certificates, CA keys, TPM states, sockets. */
export interface LabFolder {
  readonly path: string;
  /** Folder for files that the lab deletes when it ends. Its path is short, because the system limits the length of socket addresses. */
  readonly scratch: string;
  /** Writes a file that only its owner may read. Returns its path. */
  write(name: string, text: string): string;
  /** Creates a private folder if it is missing. Returns its path. */
  folder(name: string): string;
  close(): void;
}

/**
 * Opens the folder `FILE.d` beside a state file, or a temporary folder if there is no state file. Fails if another lab uses the folder.
 *
 * @throws FileProblem if the folder or the state file is a link, or is not a folder or a file.
 */
export async function openLabFolder(stateFile: string | undefined): Promise<Result<LabFolder>> {
  const path = stateFile === undefined ? undefined : `${resolve(stateFile)}.d`;
  if (stateFile !== undefined) refuseOther(resolve(stateFile));
  const locked = path === undefined ? succeeded(() => {}) : await lock(path);
  if (!locked.ok) return locked;
  const scratch = openRunDirectory();
  const place = path ?? scratch.path;
  return succeeded({
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
      locked.value();
    },
  });
}

/**
 * Locks a folder, because two labs would overwrite each other's state. Each lab creates its lock folder inside, and then looks for the lock
 * folders of other labs. So if two labs start at the same time, at least one of them finds the lock of the other. The lock of a killed lab
 * does not count.
 *
 * @returns a function that releases the lock.
 */
async function lock(path: string): Promise<Result<() => void>> {
  refuseLinks(dirname(path), basename(path));
  makeFolder(path, 0o700);
  closeToOthers(path);
  const own = mkdtempSync(join(path, 'lock-'));
  const held = holdFolder(own);
  if (!held.ok) return held;
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
    return failed('in-use', 'another lab uses this state file; end that lab, or use another state file');
  }
  return succeeded(unlock);
}

/** Refuses a link at this path. A user who can create a link there could choose where the lab writes keys and which file it replaces. */
function refuseLinks(place: string, name: string): void {
  const names = name.split('/');
  for (const depth of names.keys()) {
    const path = join(place, ...names.slice(0, depth + 1));
    if (lookAt(path)?.isSymbolicLink() !== true) continue;
    throw new FileProblem(
      `${path} is a link, which a lab does not follow; give --state the path that the link leads to`,
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

/** Removes write permission for other users, because the folder contains keys. */
function closeToOthers(path: string): void {
  const { mode } = lstatSync(path);
  if (process.platform === 'win32' || (mode & 0o022) === 0) return;
  try {
    chmodSync(path, mode & 0o755);
  } catch (error) {
    throw new FileProblem(`other users may write to ${path}, and its mode cannot be changed: ${whyNot(error)}`, {
      cause: error,
    });
  }
}
