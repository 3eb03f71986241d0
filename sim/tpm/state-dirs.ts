import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
 * clean up after itself, the next one does.
 */
export function openRunDirectory(): RunDirectory {
  removeDeadRuns();
  const path = join(tmpdir(), `${prefix}${process.pid}-${startTicks(process.pid) ?? '0'}-${opened++}`);
  mkdirSync(path, { mode: 0o700 });
  const close = (): void => {
    process.removeListener('exit', close);
    rmSync(path, { recursive: true, force: true });
  };
  process.setMaxListeners(Math.max(process.getMaxListeners(), process.listenerCount('exit') + 10));
  process.on('exit', close);
  let made = 0;
  return {
    path,
    subdirectory: (name) => {
      const inside = join(path, `${made++}-${name.replaceAll(/[^\w.-]/g, '_').slice(0, 60)}`);
      mkdirSync(inside, { mode: 0o700 });
      return inside;
    },
    close,
  };
}

const prefix = 'rehearse-';
let opened = 0;
let swept = false;

/** Once per process is enough: nobody else can have died into our past since. */
function removeDeadRuns(): void {
  if (swept) return;
  swept = true;
  for (const name of readdirSync(tmpdir())) {
    const match = /^rehearse-(\d+)-(\d+)-\d+$/.exec(name);
    if (match === null || startTicks(Number(match[1])) === match[2]) continue;
    const path = join(tmpdir(), name);
    try {
      const found = lstatSync(path);
      // Somebody else's, or a link that leads elsewhere, is not ours to remove.
      if (found.isDirectory() && found.uid === process.getuid?.()) rmSync(path, { recursive: true, force: true });
    } catch {
      // Another run is removing it at this moment.
    }
  }
}

/** When a process was started, in ticks since boot; tells a process from a later one with the same number. */
function startTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22; counted behind the name, which may hold blanks and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
