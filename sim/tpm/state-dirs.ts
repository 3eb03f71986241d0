import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A private folder of this process for what a run keeps on disk: TPM states, mostly. */
export interface RunDirectory {
  readonly path: string;
  /** Makes a private folder inside. `name` becomes a file name. */
  subdirectory(name: string): string;
  /** Removes it with all that is inside. */
  close(): void;
}

/**
 * Opens a private folder (mode 0700) for this run, and removes those of runs that are dead: a run that was killed cannot
 * clean up after itself, the next one does. A run that ends without `close` takes its folder with it.
 */
export function openRunDirectory(): RunDirectory {
  if (!swept) removeDeadRuns();
  if (!swept) process.once('exit', () => openPaths.forEach(remove));
  swept = true;
  // mkdtemp makes it for us alone, and makes another one where somebody has put something in its place.
  const path = mkdtempSync(join(tmpdir(), `rehearse-${process.pid}-${startTicks(process.pid)}-`));
  openPaths.add(path);
  let made = 0;
  return {
    path,
    subdirectory: (name) => {
      const inside = join(path, `${made++}-${name.replaceAll(/[^\w.-]/g, '_').slice(0, 60)}`);
      mkdirSync(inside, { mode: 0o700 });
      return inside;
    },
    close: () => {
      openPaths.delete(path);
      remove(path);
    },
  };
}

const openPaths = new Set<string>();
/** Once per process is enough: nobody else can have died into our past since. */
let swept = false;

function removeDeadRuns(): void {
  for (const name of readdirSync(tmpdir())) {
    const match = /^rehearse-(\d+)-(\d+)-\w+$/.exec(name);
    if (match === null || startTicks(Number(match[1])) === match[2]) continue;
    const path = join(tmpdir(), name);
    try {
      const found = lstatSync(path);
      // Somebody else's, or a link that leads elsewhere, is not ours to remove.
      if (found.isDirectory() && found.uid === process.getuid?.()) remove(path);
    } catch {
      // Another run is removing it at this moment.
    }
  }
}

/** With patience: a TPM that ends just now may still write a file into it. */
function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * When a process was started, in ticks since boot; tells a process from a later one with the same number. `0` where no
 * such process is known, and for all of them on a system without /proc: there, nothing is ever taken for dead.
 */
function startTicks(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22; counted behind the name, which may hold blanks and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
  } catch {
    return '0';
  }
}
