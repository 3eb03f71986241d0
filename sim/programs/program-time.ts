import type { Clock, Millis, SkewedClock } from '../../core/time/clock.ts';
import { programFlags, TimePage } from './time-page.ts';
import { timeLibrary } from './time-library.ts';

/** The clock of one start of a program. */
export interface ProgramTime {
  readonly preload: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly page: TimePage;
  /** Virtual milliseconds per real millisecond; undefined if the time jumps. */
  readonly pace: number | undefined;
  /** Virtual milliseconds since the start of the computer. */
  readonly elapsedMs: () => number;
  /** Sets the clocks of the program to the time of its device. */
  readonly sync: () => void;
  /** Converts milliseconds since the start of the computer to an instant of the virtual time. */
  readonly instantOf: (elapsedMs: number) => Millis;
  /** One sentence for each feature of the program that could not follow the virtual time. */
  readonly limits: () => readonly string[];
  readonly close: () => void;
}

/** Time since the start of the computer when the program starts: a device needs some seconds to boot. */
const bootMs = 10_000;

/**
 * Opens the clock of a program that starts now.
 * @param mode `jump`, or a factor such as `x60`.
 * @param file path of the file that run and program share.
 * @param own the clock of the device.
 * @throws PartMissing if no C compiler is installed.
 */
export async function openTime(mode: string, file: string, truth: Clock, own: SkewedClock): Promise<ProgramTime> {
  const library = await timeLibrary();
  const page = new TimePage(file);
  const startedAt = truth.now();
  let isOpen = true;
  let datesSet = 0;
  const elapsedMs = (): number => truth.now() - startedAt + bootMs;
  const sync = (): void => {
    if (!isOpen) return;
    const report = page.read();
    // The program has set the clock of its device.
    if (report.datesSet !== datesSet) own.set(elapsedMs() + report.dateOffsetMs);
    datesSet = report.datesSet;
    page.set(elapsedMs(), own.now());
  };
  sync();
  let flags = 0;
  return {
    preload: [library],
    environment: { REHEARSAL_CLOCK_FILE: file },
    page,
    pace: mode === 'jump' ? undefined : Number(mode.slice(1)),
    elapsedMs,
    sync,
    instantOf: (elapsedMs) => startedAt + elapsedMs - bootMs,
    limits: () => {
      if (isOpen) flags = page.read().flags;
      return [
        ...((flags & programFlags.posixTimer) === 0
          ? []
          : [
              'its program uses timer_create, whose timers follow the real time; use timerfd_create or a thread that sleeps',
            ]),
        ...((flags & programFlags.socketTimeout) === 0
          ? []
          : ['its program uses SO_RCVTIMEO or SO_SNDTIMEO, which follow the real time; wait with poll instead']),
      ];
    },
    close: () => {
      if (isOpen) page.close();
      isOpen = false;
    },
  };
}
