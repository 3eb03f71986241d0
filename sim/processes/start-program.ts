import { randomBytes } from 'node:crypto';
import { failed, succeeded, type Result } from '../../core/result.ts';
import { withinRealTime } from '../../core/time/clock.ts';
import type { ProgramEnd } from './process-group.ts';
import { Starter } from './starter.ts';

/** A program of the user, such as the firmware of a device. */
export interface ProgramSettings {
  /** The program and its arguments; at least one word. */
  readonly command: readonly string[];
  /** The whole environment of the program. The program inherits nothing from this process except the mark of its process group. */
  readonly environment: Readonly<Record<string, string>>;
  /** Working directory. */
  readonly folder: string;
  /** Receives the bytes that the program writes. */
  readonly onOutput: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
  /** Number of bytes of each stream that the helper process forwards. It reads and drops the rest. */
  readonly outputLimit: number;
}

/** A running program, in its own process group. The helper process kills the program when this process ends in any way. */
export interface RunningProgram {
  readonly pid: number;
  /** Resolves when the program has ended, no process of its group runs any more and all forwarded output was delivered. */
  readonly ended: Promise<ProgramEnd>;
  readonly hasEnded: () => boolean;
  /** Sends SIGTERM to the group, and SIGKILL if the program still runs after `limitMs` real milliseconds. */
  readonly stop: (limitMs: number) => Promise<'stopped' | 'killed'>;
  /** Sends SIGKILL to the group and to all its descendants. */
  readonly kill: () => Promise<void>;
  /** Resolves when `onOutput` got all that the program had written before the call. */
  readonly flush: () => Promise<void>;
}

/**
 * Starts a program of the user in its own process group, through the small helper process. Fails with a sentence if the system cannot
 * start it.
 */
export async function startProgram(settings: ProgramSettings): Promise<Result<RunningProgram>> {
  const [program = '', ...words] = settings.command;
  if (starter === undefined || starter.isGone) starter = new Starter();
  const group = randomBytes(12).toString('hex');
  const start = {
    program,
    words,
    environment: { ...settings.environment, [markName]: group },
    folder: settings.folder,
    outputLimit: settings.outputLimit,
    mark: `${markName}=${group}`,
  };
  const current = starter;
  const opening = new Promise<Result<RunningProgram>>((done) => {
    const running = new Group(program);
    const control = current.startGroup(start, (message) => {
      if (message.kind === 'group-bytes') settings.onOutput(message.stream, message.bytes);
      else if (message.kind === 'group-not-started') done(failed('not-started', notStarted(settings, message)));
      else if (message.kind === 'group-started') done(succeeded(running.started(message.pid, control)));
      else if (message.kind === 'group-flushed') running.flushed();
      else {
        running.end(message);
        done(failed('not-started', `${program} ended before it had started`));
      }
    });
  });
  return withinRealTime(opening, startLimitMs, `${program} did not start`);
}

const markName = 'REHEARSAL_PROCESS_GROUP';
const startLimitMs = 30_000;
/** Real milliseconds after SIGKILL in which the kernel ends a process that is not in an uninterruptible wait. */
const killLimitMs = 10_000;
let starter: Starter | undefined;

/** A program with its process group, and the messages of the helper process about it. */
class Group {
  readonly #program: string;
  readonly #ended: Promise<ProgramEnd>;
  #onEnd: (end: ProgramEnd) => void = nothing;
  #hasEnded = false;
  /** Functions that wait for the next message `group-flushed`. */
  #waiting: (() => void)[] = [];

  constructor(program: string) {
    this.#program = program;
    this.#ended = new Promise((done) => (this.#onEnd = done));
  }

  end(end: ProgramEnd): void {
    this.#hasEnded = true;
    this.flushed();
    this.#onEnd(end);
  }

  flushed(): void {
    for (const done of this.#waiting.splice(0)) done();
  }

  started(pid: number, control: ReturnType<Starter['startGroup']>): RunningProgram {
    const ended = this.#ended;
    const kill = async (): Promise<void> => {
      control.signal('SIGKILL');
      await withinRealTime(ended, killLimitMs, `${this.#program} did not end after SIGKILL`);
    };
    const stop = async (limitMs: number): Promise<'stopped' | 'killed'> => {
      control.signal('SIGTERM');
      try {
        await withinRealTime(ended, limitMs, `${this.#program} ignored SIGTERM`);
        return 'stopped';
      } catch {
        await kill();
        return 'killed';
      }
    };
    const flush = (): Promise<void> =>
      this.#hasEnded
        ? Promise.resolve()
        : new Promise((done) => {
            this.#waiting.push(done);
            control.flush();
          });
    return { pid, ended, hasEnded: () => this.#hasEnded, stop, kill, flush };
  }
}

function notStarted(
  { command: [program = ''], folder }: ProgramSettings,
  { code, sentence }: { readonly code: string | undefined; readonly sentence: string },
): string {
  if (code === 'ENOENT') return `there is no program ${program}; write a path relative to ${folder}, or a name in PATH`;
  if (code === 'EACCES') return `${program} is not executable; run: chmod +x ${program}`;
  return `${program} cannot start: ${sentence}`;
}

function nothing(): void {}
