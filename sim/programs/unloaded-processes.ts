import { wallMs } from '../../core/time/clock.ts';

/** Real milliseconds in which a process loads its libraries, even on a busy computer. */
const loadLimitMs = 1000;
/** Number of checks of a process in this time; a quiet computer makes about 250 in a second. */
const loadLimitTimes = 150;

/** The processes of a program that have not loaded the clock library. */
export class UnloadedProcesses {
  readonly #seen = new Map<number, { readonly since: number; times: number }>();

  /**
   * Returns true if a process has had enough time and turns to load the clock library. Such a process is a static executable, or its
   * environment does not name the library. Each call counts as one check of the process.
   */
  isKnownAsForeign(pid: number): boolean {
    const seen = this.#seen.get(pid) ?? { since: wallMs(), times: 0 };
    this.#seen.set(pid, seen);
    seen.times++;
    // On a busy computer, a second can pass in which neither this process nor the program had a turn.
    return wallMs() - seen.since >= loadLimitMs && seen.times >= loadLimitTimes;
  }
}
