import { readdirSync, readFileSync } from 'node:fs';
import { afterRealTime, wallMs } from '../../core/time/clock.ts';

/** Selects a helper process to kill, and the moment of the kill. */
export interface Kill {
  readonly program: string;
  /** Index of the process among all processes of the same program, from 0, in the order in which they started. */
  readonly which: number;
  /** Real milliseconds after the process was first seen. */
  readonly afterMs: number;
}

/** The helper processes observed in a run. */
export interface Watched {
  /** For each program, the observed run time of each process in real milliseconds, in the order in which the processes started. */
  readonly livesMs: ReadonlyMap<string, readonly number[]>;
  /** The selected process, if it was killed while it ran. */
  readonly killed?: Kill;
}

/** The process names of the helper programs. */
const helpers = new Set(['openssl', 'swtpm', 'swtpm_setup', 'pkcs11-tool', 'softhsm2-util']);
/** Interval between two scans for processes, in real milliseconds. */
const pauseMs = 3;

/**
 * Watches the helper processes below a process, and kills one of them with SIGKILL. Linux only.
 *
 * @returns a function that ends the watch and returns the observed processes.
 */
export function watchHelpers(ancestor: number, kill?: Kill): () => Watched {
  const lives = new Map<number, { readonly program: string; readonly from: number; to: number }>();
  let killed: Kill | undefined;
  let isOver = false;
  const killOne = (pid: number, wanted: Kill): void => {
    // The kernel may have given the process ID to another process in the meantime.
    if (isOver || programOf(pid, ancestor) !== wanted.program) return;
    try {
      process.kill(pid, 'SIGKILL');
      killed = wanted;
    } catch {
      // The process has just ended, so there is nothing to kill.
    }
  };
  const look = (): void => {
    if (isOver) return;
    const now = wallMs();
    for (const pid of descendantsOf(ancestor)) {
      const life = lives.get(pid);
      if (life !== undefined) {
        life.to = now;
        continue;
      }
      const program = programOf(pid, ancestor);
      if (program === undefined) continue;
      const which = [...lives.values()].filter((one) => one.program === program).length;
      lives.set(pid, { program, from: now, to: now });
      if (program === kill?.program && which === kill.which) afterRealTime(kill.afterMs, () => killOne(pid, kill));
    }
    afterRealTime(pauseMs, look);
  };
  look();
  return () => {
    isOver = true;
    const livesMs = new Map<string, number[]>();
    for (const { program, from, to } of lives.values()) {
      livesMs.set(program, [...(livesMs.get(program) ?? []), to - from]);
    }
    return { livesMs, ...(killed === undefined ? {} : { killed }) };
  };
}

function descendantsOf(ancestor: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (stat !== undefined) parents.set(Number(name), stat.parent);
  }
  const isBelow = (pid: number): boolean => {
    for (let at = parents.get(pid); at !== undefined && at > 1; at = parents.get(at)) if (at === ancestor) return true;
    return false;
  };
  return [...parents.keys()].filter(isBelow);
}

/**
 * Returns the name of a helper program, such as `openssl s_client`, `swtpm` or `starter`; undefined if the process is not a helper or has
 * ended.
 */
function programOf(pid: number, ancestor: number): string | undefined {
  const stat = statOf(pid);
  if (stat === undefined || stat.state === 'Z') return undefined;
  if (stat.name !== 'openssl' && helpers.has(stat.name)) return stat.name;
  const words = wordsOf(pid);
  // The program openssl has many commands, so its name includes the command.
  if (stat.name === 'openssl') return `openssl ${words[1] ?? ''}`.trim();
  // Between fork and exec, a new helper still has the command line of the process that starts it.
  const isStarter = stat.parent === ancestor && words.some((word) => word.endsWith('starter-process.mjs'));
  return isStarter ? 'starter' : undefined;
}

function statOf(pid: number): { readonly name: string; readonly state: string; readonly parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The process name in parentheses may contain spaces and parentheses (proc_pid_stat(5)).
    const end = stat.lastIndexOf(')');
    const [state = '', parent] = stat.slice(end + 2).split(' ');
    return { name: stat.slice(stat.indexOf('(') + 1, end), state, parent: Number(parent) };
  } catch {
    // The process ended before this code could read its files in /proc.
    return undefined;
  }
}

function wordsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
