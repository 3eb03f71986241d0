import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
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
export function openLabFolder(stateFile: string | undefined): LabFolder | string {
  const path = stateFile === undefined ? undefined : `${resolve(stateFile)}.d`;
  const unlock = path === undefined ? () => {} : lock(path);
  if (typeof unlock === 'string') return unlock;
  const scratch = openRunDirectory();
  const place = path ?? scratch.path;
  return {
    path: place,
    scratch: scratch.path,
    write: (name, text) => {
      const file = join(place, name);
      mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
      rmSync(file, { force: true });
      writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
      return file;
    },
    folder: (name) => {
      const folder = join(place, name);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    },
    close: () => {
      scratch.close();
      unlock();
    },
  };
}

/** One lab at a time: two would overwrite each other's state. The lock of a lab that was killed is taken over. */
function lock(path: string): (() => void) | string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const file = join(path, 'lock');
  for (const isLast of [false, true]) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
      const owner = Number(readFileSync(file, 'utf8'));
      if (isLast || isAlive(owner)) {
        return `another lab (process ${owner}) works on this state; end it first, or remove ${file} where there is none`;
      }
      rmSync(file, { force: true });
    }
  }
  return `${file} cannot be had`;
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
