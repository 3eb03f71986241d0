import { join } from 'node:path';
import { SkewedClock, systemClock, type AdvancingClock } from '../../core/time/clock.ts';
import type { PortByListener } from '../../core/wire/listener-ports.ts';
import type { RunningProgram } from '../processes/start-program.ts';
import { Gateway } from './gateway.ts';
import { openTime } from './program-time.ts';
import { stateOf } from './program-watch.ts';
import { UnloadedProcesses } from './unloaded-processes.ts';

/** A running program, with the number of bytes that it has written. */
interface JumpingProgram {
  readonly running: Pick<RunningProgram, 'pid' | 'hasEnded' | 'flush'>;
  readonly writtenBytes: () => number;
}

/** The time of a client of a lab. It passes like real time, and jumps while the client sleeps. */
export interface JumpingTime {
  /** Ports on 127.0.0.1 at which the client finds the services. A gateway at these ports observes the connections of the client. */
  readonly ports: PortByListener;
  /** Environment variables that give the client this time. */
  readonly environment: Readonly<Record<string, string>>;
  /** Lets the time jump while this program sleeps, until the program ends. */
  watch(program: JumpingProgram): void;
  close(): Promise<void>;
}

/** Real milliseconds between two looks at the program. */
const lookMs = 3;
/** Looks in a row that must find the program idle. */
const looksNeeded = 2;
/** Real milliseconds without a byte after which no answer of the services is on its way. */
const quietMs = 15;
/** Real milliseconds in which a service answers, even on a busy computer. */
const answerMs = 250;
/** Virtual milliseconds of a jump if the program waits only for events. */
const eventJumpMs = 1000;
/**
 * Opens the time of a client.
 * @param folder a private folder for the file that client and runner share.
 * @param clock the clock of the services, which jumps too.
 * @param ports ports of the listeners on 127.0.0.1.
 * @throws PartMissing if no C compiler is installed.
 */
export async function openJumpingTime(
  folder: string,
  clock: AdvancingClock,
  ports: PortByListener,
): Promise<JumpingTime> {
  const time = await openTime('jump', join(folder, 'time'), clock, new SkewedClock(clock));
  // Clients may use `localhost`, for which the certificate of the lab is valid too.
  const gateway = await Gateway.open('127.0.0.1', ports, '127.0.0.1');
  let isOpen = true;
  const follow = async ({ running, writtenBytes }: JumpingProgram): Promise<void> => {
    const unloaded = new UnloadedProcesses();
    const watched = {
      pid: running.pid,
      time,
      gateway,
      tpmCommands: undefined,
      get writtenBytes() {
        return writtenBytes();
      },
      isKnownAsForeign: (pid: number) => unloaded.isKnownAsForeign(pid),
    };
    let [question, found, lastActivity] = [0, 0, ''];
    while (!running.hasEnded()) {
      if (!isOpen) return;
      time.page.ask(++question);
      await systemClock.sleep(lookMs);
      await running.flush();
      if (!isOpen) return;
      time.sync();
      const { isIdle, activity, nextAt } = stateOf(watched, question);
      found = isIdle && activity === lastActivity && gateway.isQuiet(quietMs, answerMs) ? found + 1 : 0;
      lastActivity = activity;
      if (found < looksNeeded) continue;
      found = 0;
      clock.advance(nextAt === Number.POSITIVE_INFINITY ? eventJumpMs : nextAt - clock.now());
      time.sync();
    }
  };
  return {
    ports: gateway.ports,
    environment: { ...time.environment, LD_PRELOAD: time.preload.join(':') },
    watch: (program) => void follow(program),
    close: async () => {
      isOpen = false;
      await gateway.close();
      time.close();
    },
  };
}
