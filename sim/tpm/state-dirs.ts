import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { succeeded } from '../../core/result.ts';
import { folderHolder, holdFolder } from '../processes/folder-lock.ts';

/** A private folder of this process for the files of a run. Most of them are states of TPMs. */
export interface RunDirectory {
  readonly path: string;
  /** Makes a private folder inside the run directory. `name` becomes part of the file name. */
  subdirectory(name: string): string;
  /** Removes the run directory with its content. */
  close(): void;
}

/**
 * Environment variable with the path of a run directory. A child process opens its own directory directly inside this run directory,
 * because the path of a socket has at most 107 bytes.
 */
export const runDirectoryVariable = 'REHEARSE_RUN_DIRECTORY';

/**
 * Opens a private folder (mode 0700) for this run, and starts to remove the folders of killed runs. If the caller does not call `close`,
 * the end of the process removes the folder.
 * @throws Error with a sentence if the folder for temporary files does not support the lock of a private folder.
 */
export function openRunDirectory(): RunDirectory {
  const parent = process.env[runDirectoryVariable];
  // For a folder inside a parent's run directory, the parent process holds the lock and removes the files of the child processes that it
  // killed.
  const isNested = parent !== undefined;
  if (!hasSwept) {
    process.once('exit', () => openFolders.forEach((release, path) => closeFolder(path, release)));
    // No code waits for the removal, but the process does not end before it is done.
    if (!isNested) void removeDeadRuns();
  }
  hasSwept = true;
  // mkdtemp picks another name if a folder with this name exists.
  const path = mkdtempSync(isNested ? `${parent}/` : join(tmpdir(), 'rehearse-run-'));
  const held = isNested ? succeeded(() => {}) : holdFolder(path);
  if (!held.ok) {
    removeIfPossible(path);
    throw new Error(held.failure.sentence);
  }
  const release = held.value;
  openFolders.set(path, release);
  let made = 0;
  return {
    path,
    subdirectory: (name) => {
      const inside = join(path, `${made++}-${name.replaceAll(/[^\w.-]/g, '_').slice(0, 60)}`);
      mkdirSync(inside, { mode: 0o700 });
      return inside;
    },
    close: () => closeFolder(path, release),
  };
}

const openFolders = new Map<string, () => void>();
/** Each process removes dead runs only once. A later process removes the runs that die after that. */
let hasSwept = false;

function closeFolder(path: string, release: () => void): void {
  openFolders.delete(path);
  release();
  removeIfPossible(path);
}

/** Removes the folders whose lock shows that their process is dead. A folder without a usable lock stays. */
async function removeDeadRuns(): Promise<void> {
  for (const name of namesIn(tmpdir())) {
    const path = join(tmpdir(), name);
    if (!/^rehearse-run-\w{6}$/.test(name) || !isOwnFolder(path)) continue;
    if ((await folderHolder(path)) === 'dead') removeIfPossible(path);
  }
}

/** Returns no names if the folder cannot be read, because an unreadable folder must not stop the run. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function removeIfPossible(path: string): void {
  try {
    remove(path);
  } catch {
    // The next run repeats a removal that fails.
  }
}

/** Returns false for a symbolic link and for a folder of another user. The run must not remove either of them. */
function isOwnFolder(path: string): boolean {
  try {
    const found = lstatSync(path);
    return found.isDirectory() && found.uid === process.getuid?.();
  } catch {
    // Another run has just removed the folder.
    return false;
  }
}

/** Removes a folder. Repeats the removal if a TPM process that is about to end still writes a file into the folder. */
function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}
