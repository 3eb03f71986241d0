import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { succeeded } from '../../core/result.ts';
import { folderHolder, holdFolder } from '../processes/folder-lock.ts';

/** A private folder of this process for what a run keeps on disk: TPM states, mostly. */
export interface RunDirectory {
  readonly path: string;
  /** Makes a private folder inside. `name` becomes a file name. */
  subdirectory(name: string): string;
  /** Removes it with all that is inside. */
  close(): void;
}

/**
 * Environment variable with the path of a run directory. A process that has it opens its own directories inside, which keeps
 * their paths short: socket addresses have little room.
 */
export const runDirectoryVariable = 'REHEARSE_RUN_DIRECTORY';

/**
 * Opens a private folder (mode 0700) for this run, and begins to remove those of runs that are dead: a run that was killed
 * cannot clean up after itself, the next one does. A run that ends without `close` takes its folder with it.
 *
 * @throws Error with a sentence if the folder for temporary files cannot hold it.
 */
export function openRunDirectory(): RunDirectory {
  const parent = process.env[runDirectoryVariable];
  // The owner of the parent holds the lock, and removes what processes leave that it had to kill.
  const isNested = parent !== undefined;
  if (!hasSwept) {
    process.once('exit', () => openFolders.forEach((release, path) => closeFolder(path, release)));
    // In the background: nothing waits for the removal, and the process does not end before it.
    if (!isNested) void removeDeadRuns();
  }
  hasSwept = true;
  // mkdtemp picks another name if something is in the way of the first.
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
/** Once per process is enough: runs that die later are left to the next process. */
let hasSwept = false;

function closeFolder(path: string, release: () => void): void {
  openFolders.delete(path);
  release();
  removeIfPossible(path);
}

/** Removes the folders whose lock says that their process is dead. A folder without a lock that can be judged stays. */
async function removeDeadRuns(): Promise<void> {
  for (const name of namesIn(tmpdir())) {
    const path = join(tmpdir(), name);
    if (!/^rehearse-run-\w{6}$/.test(name) || !isOwnFolder(path)) continue;
    if ((await folderHolder(path)) === 'dead') removeIfPossible(path);
  }
}

/** Tidying up is a courtesy: a folder that cannot be read or removed must not stop the run. */
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
    // The next run tries again.
  }
}

/** A link, and the folder of another user, is not ours to remove. */
function isOwnFolder(path: string): boolean {
  try {
    const found = lstatSync(path);
    return found.isDirectory() && found.uid === process.getuid?.();
  } catch {
    // Another run has just removed it.
    return false;
  }
}

/** Repeats if a TPM that ends at this moment still writes a file into the folder. */
function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}
