import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** A waiting thread of a program, and its deadline. */
interface TimedWait {
  readonly pid: number;
  /** Virtual milliseconds since the start of the computer, rounded up; infinite for a wait without a deadline. */
  readonly deadlineMs: number;
  /** Number of the last request of `TimePage.ask` after which the thread looked for events and found none. */
  readonly answer: number;
}

/** The report of a program about itself. */
export interface ProgramReport {
  /** Grows with the end of each wait and with each new process. */
  readonly activity: bigint;
  /** Features of the program that cannot follow the virtual time. */
  readonly flags: number;
  /** Number of times that the program set the date. */
  readonly datesSet: number;
  /** The date that the program sees, minus the time since the start of the computer, in milliseconds. */
  readonly dateOffsetMs: number;
  /** IDs of the processes that loaded the library; some of them may have ended. */
  readonly processes: readonly number[];
  /** Waiting threads by thread ID. */
  readonly waits: ReadonlyMap<number, TimedWait>;
}

/** Flags of `ProgramReport`. */
export const programFlags = { posixTimer: 1, socketTimeout: 2 } as const;

const processCount = 256;
const slotCount = 1024;
const slotSize = 24;
/** Offsets in bytes of the members of `Page` in time-library.c. */
const offsets = {
  elapsed: 0,
  dateOffset: 8,
  activity: 16,
  question: 24,
  flags: 28,
  datesSet: 32,
  processes: 40,
} as const;
const slotsAt = offsets.processes + 4 * processCount;
const pageSize = slotsAt + slotSize * slotCount;
const nsPerMs = 1_000_000n;

/** The file that a program maps into its memory, and from which its clocks and waits take the virtual time. */
export class TimePage {
  readonly #file: number;
  readonly #page = Buffer.alloc(pageSize);

  /** Creates the file, which must not exist. */
  constructor(path: string) {
    this.#file = openSync(path, 'wx+', 0o600);
    writeSync(this.#file, this.#page, 0, pageSize, 0);
  }

  /**
   * Sets the clocks of the program.
   * @param elapsedMs time since the start of the computer.
   * @param date the date that the clocks show. If undefined, the difference between date and `elapsedMs` stays the same.
   */
  set(elapsedMs: number, date?: number): void {
    if (date !== undefined) this.#write64(offsets.dateOffset, BigInt(Math.round(date - elapsedMs)) * nsPerMs);
    this.#write64(offsets.elapsed, BigInt(Math.round(elapsedMs)) * nsPerMs);
  }

  /**
   * Asks each waiting thread to look for events once more.
   * @param question number of this request. The thread then reports an `answer` of at least this number.
   */
  ask(question: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(question);
    writeSync(this.#file, bytes, 0, 4, offsets.question);
  }

  read(): ProgramReport {
    const page = this.#page;
    readSync(this.#file, page, 0, pageSize, 0);
    const processes: number[] = [];
    for (let index = 0; index < processCount; index++) {
      const pid = page.readUInt32LE(offsets.processes + 4 * index);
      if (pid !== 0) processes.push(pid);
    }
    const waits = new Map<number, TimedWait>();
    for (let at = slotsAt; at < pageSize; at += slotSize) {
      const tid = page.readUInt32LE(at);
      const deadline = page.readBigInt64LE(at + 8);
      if (tid === 0 || deadline === 0n) continue;
      waits.set(tid, {
        pid: page.readUInt32LE(at + 4),
        deadlineMs: toMs(deadline),
        answer: page.readUInt32LE(at + 16),
      });
    }
    return {
      activity: page.readBigUInt64LE(offsets.activity),
      flags: page.readUInt32LE(offsets.flags),
      datesSet: page.readUInt32LE(offsets.datesSet),
      dateOffsetMs: Number(page.readBigInt64LE(offsets.dateOffset) / nsPerMs),
      processes,
      waits,
    };
  }

  /** Removes dead processes and their waits. A killed process cannot remove its waits itself. */
  forget(isAlive: (pid: number) => boolean): void {
    const page = this.#page;
    const none = Buffer.alloc(4);
    for (let index = 0; index < processCount; index++) {
      const at = offsets.processes + 4 * index;
      const pid = page.readUInt32LE(at);
      if (pid !== 0 && !isAlive(pid)) writeSync(this.#file, none, 0, 4, at);
    }
    for (let at = slotsAt; at < pageSize; at += slotSize) {
      if (page.readUInt32LE(at) !== 0 && !isAlive(page.readUInt32LE(at + 4))) writeSync(this.#file, none, 0, 4, at);
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  #write64(at: number, value: bigint): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    writeSync(this.#file, bytes, 0, 8, at);
  }
}

/** The deadline of a wait that only an event ends. */
const never = 2n ** 63n - 1n;

function toMs(ns: bigint): number {
  return ns === never ? Number.POSITIVE_INFINITY : Number((ns + nsPerMs - 1n) / nsPerMs);
}
