import { readdirSync, readFileSync } from 'node:fs';

/** A thread of a process. */
export interface ThreadState {
  readonly tid: number;
  /** State letter of proc_pid_stat(5): R runs, S sleeps, D waits for the disk, T is stopped, Z and X have ended. */
  readonly state: string;
}

/** Returns the threads of a process; none if it has ended. */
export function threadsOf(pid: number): readonly ThreadState[] {
  return namesIn(`/proc/${pid}/task`).flatMap((tid) => {
    const state = stateIn(textOf(`/proc/${pid}/task/${tid}/stat`));
    return state === undefined ? [] : [{ tid: Number(tid), state }];
  });
}

/** Returns the children of all threads of a process. */
function childrenOf(pid: number): readonly number[] {
  return namesIn(`/proc/${pid}/task`).flatMap((tid) =>
    textOf(`/proc/${pid}/task/${tid}/children`)
      .split(' ')
      .filter((word) => word !== '')
      .map(Number),
  );
}

/** Returns the given processes that run, with all their descendants. */
export function processTree(roots: Iterable<number>): ReadonlySet<number> {
  const found = new Set<number>();
  const open = [...roots];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    if (found.has(pid) || !isAlive(pid)) continue;
    found.add(pid);
    open.push(...childrenOf(pid));
  }
  return found;
}

/** Returns true if a process runs. A zombie does not. */
export function isAlive(pid: number): boolean {
  const state = stateIn(textOf(`/proc/${pid}/stat`));
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** Returns the processor time of a process and of its children that have ended, in clock ticks (usually 10 ms each). */
export function processorTicks(pid: number): number {
  // utime, stime, cutime and cstime of proc_pid_stat(5).
  return fieldsIn(textOf(`/proc/${pid}/stat`))
    .slice(11, 15)
    .reduce((sum, ticks) => sum + Number(ticks), 0);
}

/**
 * Returns true if a sleeping thread waits for a file system, or for another process that reads its output. Such a thread soon continues
 * without an event for the program, so the program is not idle. Some file systems (FUSE, 9p, NFS) let a thread wait in the state S.
 */
export function isTransferring(pid: number, tid: number): boolean {
  return transfers.test(textOf(`/proc/${pid}/task/${tid}/wchan`));
}

/**
 * Functions of the kernel in which a thread waits for a transfer. The output of a program is a pipe or a Unix socket
 * (`sock_alloc_send_pskb`).
 */
const transfers =
  /pipe_write|sock_alloc_send|sk_stream_wait_memory|fuse|request_wait|p9_|folio_wait|wait_on_page|filemap|nfs|rpc_/;

/**
 * Returns a text that changes whenever a thread runs: the time that it has run and has waited for a processor, and how often it has run
 * (`schedstat` of the kernel). Returns the empty text if the thread has ended, or if the kernel does not count.
 */
export function timeRun(pid: number, tid: number): string {
  return textOf(`/proc/${pid}/task/${tid}/schedstat`).trim();
}

function stateIn(stat: string): string | undefined {
  return fieldsIn(stat)[0];
}

/** Returns the fields after the name of the program, which is in parentheses and can contain spaces. */
function fieldsIn(stat: string): readonly string[] {
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
