import { isAlive, isTransferring, processorTicks, processTree, threadsOf, timeRun } from './process-states.ts';
import type { Gateway } from './gateway.ts';
import type { ProgramTime } from './program-time.ts';

/** A running program whose threads can be observed. */
export interface WatchedProgram {
  /** Undefined if the program does not run. */
  readonly pid: number | undefined;
  readonly time: Pick<ProgramTime, 'page' | 'elapsedMs' | 'instantOf'> | undefined;
  readonly gateway: Pick<Gateway, 'movedBytes'> | undefined;
  /** Number of commands that the program sent to its TPM since its start, and number of those without an answer. */
  readonly tpmCommands: { readonly sent: number; readonly open: number } | undefined;
  /** Number of bytes that the program has written. */
  readonly writtenBytes: number;
  /** Returns true if a process of the program has not loaded the clock library, although the process had enough time. */
  isKnownAsForeign(pid: number): boolean;
}

/** The state of the threads of a program. */
export interface ProgramState {
  /** True if every thread sleeps or waits, and none has an event to handle. */
  readonly isIdle: boolean;
  /** Changes when the program does something. */
  readonly activity: string;
  /** Virtual instant at which the first thread has to wake; infinite if only an event can wake it. */
  readonly nextAt: number;
  /** Processor time of all processes, in clock ticks. */
  readonly ticks: number;
}

/**
 * Returns the state of a running program. A thread is idle if it sleeps in the kernel without a time limit. It is also idle if it waits in
 * the clock library with a future deadline and has found no event since the request `question`.
 * @param question number of the latest request of `TimePage.ask` to look for events. A thread answers with this number when it has found none.
 */
export function stateOf(program: WatchedProgram, question: number): ProgramState {
  const { pid, time, gateway } = program;
  if (pid === undefined || time === undefined) {
    return { isIdle: true, activity: '', nextAt: Number.POSITIVE_INFINITY, ticks: 0 };
  }
  const { page } = time;
  const report = page.read();
  const tree = processTree([pid, ...report.processes]);
  const now = time.elapsedMs();
  // If the process is not in the tree, it has ended, and the event of its end is about to arrive.
  let isIdle = tree.has(pid) && (program.tpmCommands?.open ?? 0) === 0;
  let nextMs = Number.POSITIVE_INFINITY;
  let ticks = 0;
  const runs: string[] = [];
  let hasStale = report.processes.some((each) => !tree.has(each));
  for (const process of tree) {
    ticks += processorTicks(process);
    // A new process has not loaded the library yet.
    if (!report.processes.includes(process) && !program.isKnownAsForeign(process)) isIdle = false;
    for (const { tid, state } of threadsOf(process)) {
      const wait = report.waits.get(tid);
      if (wait !== undefined && wait.pid === process) {
        if (wait.deadlineMs <= now || wait.answer < question) isIdle = false;
        nextMs = Math.min(nextMs, wait.deadlineMs);
        continue;
      }
      // A thread can wake and fall asleep again between two looks, and even between the two files that one look reads.
      runs.push(timeRun(process, tid));
      if (!asleep.includes(state) || isTransferring(process, tid)) isIdle = false;
    }
  }
  for (const { pid: waiting } of report.waits.values()) hasStale ||= !tree.has(waiting);
  if (hasStale) page.forget(isAlive);
  return {
    isIdle,
    activity: `${report.activity} ${gateway?.movedBytes ?? 0} ${program.writtenBytes} ${program.tpmCommands?.sent ?? 0} ${[...tree].join(',')} ${runs.join(',')}`,
    nextAt: nextMs === Number.POSITIVE_INFINITY ? nextMs : time.instantOf(nextMs),
    ticks,
  };
}

/** States of a thread that does nothing: it sleeps, is stopped, or has ended. */
const asleep: readonly string[] = ['S', 'T', 't', 'Z', 'X', 'I'];
