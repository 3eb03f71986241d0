import { randomBytes } from 'node:crypto';
import { failed, succeeded, type Result } from '../../core/result.ts';
import { withinRealTime } from '../../core/time/clock.ts';
import type { ProgramEnd } from './process-group.ts';
import { Starter } from './starter.ts';

/** A program of the user, such as the firmware of a device. */
export interface ProgramSettings {
  /** The program and its arguments; at least one word. */
  readonly command: readonly string[];
  /** The whole environment of the program. Nothing of the environment of this process is added, except the mark of the process group. */
  readonly environment: Readonly<Record<string, string>>;
  /** Working directory. */
  readonly folder: string;
  /** Called with the bytes that the program writes. */
  readonly onOutput: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
  /** Number of bytes of each stream that are forwarded. The rest is read and dropped. */
  readonly outputLimit: number;
}

/** A running program, in its own process group. It is killed when this process ends in any way. */
export interface RunningProgram {
  readonly pid: number;
  /** Resolves when the program has ended, no process of its group runs any more and all forwarded output was delivered. */
  readonly ended: Promise<ProgramEnd>;
  readonly hasEnded: () => boolean;
  /** Sends SIGTERM to the group, and SIGKILL if the program still runs after `limitMs` real milliseconds. */
  readonly stop: (limitMs: number) => Promise<'stopped' | 'killed'>;
  /** Sends SIGKILL to the group and to all its descendants. */
  readonly kill: () => Promise<void>;
}

/**
 * Starts a program of the user in its own process group, through the small helper process. Fails with a sentence if the system cannot
 * start it.
 */
export async function startProgram(settings: ProgramSettings): Promise<Result<RunningProgram>> {
  const [program = '', ...words] = settings.command;
  if (starter === undefined || starter.isGone) starter = new Starter();
  const mark = `${markName}=${randomBytes(12).toString('hex')}`;
  let onEnd: (end: ProgramEnd) => void = nothing;
  let hasEnded = false;
  const ended = new Promise<ProgramEnd>((done) => {
    onEnd = (end) => {
      hasEnded = true;
      done(end);
    };
  });
  const current = starter;
  const opening = new Promise<Result<RunningProgram>>((done) => {
    const start = {
      program,
      words,
      environment: { ...settings.environment, [markName]: mark.slice(markName.length + 1) },
      folder: settings.folder,
      outputLimit: settings.outputLimit,
      mark,
    };
    const signal = current.startGroup(start, (message) => {
      if (message.kind === 'group-bytes') return settings.onOutput(message.stream, message.bytes);
      if (message.kind === 'group-not-started') return done(failed('not-started', notStarted(program, message)));
      if (message.kind === 'group-started') return done(succeeded(running(message.pid, ended, () => hasEnded, signal)));
      onEnd(message);
      done(failed('not-started', `${program} ended before it had started`));
    });
  });
  return withinRealTime(opening, startLimitMs, `${program} did not start`);
}

const markName = 'REHEARSAL_PROCESS_GROUP';
const startLimitMs = 30_000;
/** Real milliseconds after SIGKILL in which the kernel ends a process that is not in an uninterruptible wait. */
const killLimitMs = 10_000;
let starter: Starter | undefined;

function running(
  pid: number,
  ended: Promise<ProgramEnd>,
  hasEnded: () => boolean,
  signal: (name: 'SIGTERM' | 'SIGKILL') => void,
): RunningProgram {
  const kill = async (): Promise<void> => {
    signal('SIGKILL');
    await withinRealTime(ended, killLimitMs, `process ${pid} did not end after SIGKILL`);
  };
  const stop = async (limitMs: number): Promise<'stopped' | 'killed'> => {
    signal('SIGTERM');
    try {
      await withinRealTime(ended, limitMs, `process ${pid} ignored SIGTERM`);
      return 'stopped';
    } catch {
      await kill();
      return 'killed';
    }
  };
  return { pid, ended, hasEnded, stop, kill };
}

function notStarted(
  program: string,
  { code, sentence }: { readonly code: string | undefined; readonly sentence: string },
): string {
  if (code === 'ENOENT')
    return `there is no program ${program}; write a path below the folder of the scenario, or a name in PATH`;
  if (code === 'EACCES') return `${program} is not executable; run: chmod +x ${program}`;
  return `${program} cannot start: ${sentence}`;
}

function nothing(): void {}
