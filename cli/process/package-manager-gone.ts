import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Interval of the check for the package manager, in real milliseconds. */
const pauseMs = 500;

/**
 * Resolves when the package manager that started this process has ended. A CI script ends `npx dps-rehearsal serve &` by `kill $!`. Only
 * npm gets this signal: npm passes it to a shell, and the shell does not forward it. Never resolves if no package manager started this
 * process. The timer does not keep the process alive.
 */
export function packageManagerGone(): Promise<void> {
  const manager = packageManagerAbove(process.ppid);
  return new Promise((resolve) => {
    if (manager === undefined) return;
    const timer = setInterval(() => {
      const now = processOf(manager.pid);
      if (now !== undefined && now.started === manager.started) return;
      clearInterval(timer);
      resolve();
    }, pauseMs);
    timer.unref();
  });
}

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Start time, which distinguishes a process from a later one with the same ID. */
  readonly started: string;
  readonly command: string;
}

/**
 * Returns the package manager that started a process; undefined if there is none. The search continues above a shell, but not above any
 * other program, because other programs end their own children.
 */
function packageManagerAbove(pid: number): ProcessEntry | undefined {
  // npm, pnpm, yarn and bun set this variable for their children. Without it, no package manager started this process.
  if (process.env['npm_config_user_agent'] === undefined) return undefined;
  const found = processOf(pid);
  if (found === undefined || pid <= 1) return undefined;
  if (/^(\S*\/)?(ba|da|z|k)?sh( |$)/.test(found.command)) return packageManagerAbove(found.parent);
  return /\b(npm|npx|pnpm|pnpx|yarn|bun|bunx)(-cli)?(\.c?js)?( |$)/.test(found.command) ? found : undefined;
}

/** Returns the process with this ID; undefined if it does not exist or is a zombie. */
function processOf(pid: number): ProcessEntry | undefined {
  try {
    return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
  } catch {
    return undefined;
  }
}

function fromProc(pid: number): ProcessEntry | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // This code splits the text only after the name of the program, because the name may contain blanks and brackets (proc_pid_stat(5)).
  const [state, parent, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z') return undefined;
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  return { pid, parent: Number(parent), started: fields[17] ?? '', command };
}

function fromPs(pid: number): ProcessEntry | undefined {
  const text = execFileSync('ps', ['-o', 'ppid=,lstart=,command=', '-p', String(pid)], { encoding: 'utf8' });
  const [parent = '', ...rest] = text.trim().split(/\s+/);
  if (!/^\d+$/.test(parent)) return undefined;
  // `lstart` is five words, such as `Mon Nov 30 12:00:00 2026`.
  return { pid, parent: Number(parent), started: rest.slice(0, 5).join(' '), command: rest.slice(5).join(' ') };
}
