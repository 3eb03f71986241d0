import { PartMissing } from '../../core/part-missing.ts';
import type { Failure, Result } from '../../core/result.ts';
import { OutsideCalendar } from '../../core/time/calendar.ts';
import { FileProblem, whyNot } from '../files/file-problem.ts';
import { exitCodes } from '../exit-codes.ts';
import { endRequested } from '../process/end-requested.ts';
import { tellMistakes } from '../files/tell-mistakes.ts';
import { readLab } from './read-lab.ts';
import type { ServeOptions } from './serve-options.ts';
import { openLab, type OpenLab } from './open-lab.ts';
import { portProblem } from './port-problem.ts';
import { readyText } from './ready.ts';
import type { EventFeed } from './watch/event-feed.ts';
import { LogWriter } from './watch/log-writer.ts';

/** Serves until a signal ends it. Returns the exit code. */
export async function serve(file: string | undefined, options: ServeOptions): Promise<number> {
  const read = readLab(file);
  if (!read.ok) return tellMistakes(read.failure.loaded);
  // From here on, a signal ends the lab, even while this function still opens it.
  const end = endRequested();
  let opened: Result<OpenLab>;
  try {
    opened = await openLab(read.value, options);
  } catch (error) {
    if (error instanceof FileProblem || error instanceof OutsideCalendar) return fail(exitCodes.mistake, error.message);
    const sentence = error instanceof PartMissing ? error.message : portProblem(error, options)?.sentence;
    if (sentence !== undefined) return fail(exitCodes.inconclusive, sentence);
    const problem = fileProblem(error);
    if (problem === undefined) throw error;
    return fail(options.state === undefined ? exitCodes.inconclusive : exitCodes.mistake, problem.sentence);
  }
  if (!opened.ok) return fail(exitCodes.mistake, opened.failure.sentence);
  const lab = opened.value;
  if (!isLoopback(options.host)) {
    process.stderr.write(
      `warning: listening at ${options.host}, where other computers can reach it. This is a test double with throw-away keys, and it is not hardened.\n`,
    );
  }
  const now = lab.clock.now();
  process.stdout.write(options.json === true ? `${JSON.stringify(lab.ready)}\n` : readyText(lab.ready, now));
  const log = writeLog(lab.feed, options);
  await end;
  lab.feed.flush();
  const closed = await lab.close();
  const exitCode = closed.ok ? exitCodes.asExpected : fail(exitCodes.inconclusive, closed.failure.sentence);
  // A program that started the lab and does not read its stdout must not keep the closed lab alive.
  if ((await log?.end()) === false) process.exit(exitCode);
  return exitCode;
}

/** Writes the log to stdout. Returns undefined if the log is off. */
function writeLog(feed: EventFeed, { json, log, logFormat }: ServeOptions): LogWriter | undefined {
  const level = log ?? (json === true ? 'quiet' : 'normal');
  if (level === 'quiet') return undefined;
  const writer = new LogWriter(process.stdout, { level, format: logFormat ?? (json === true ? 'json' : 'text') });
  feed.subscribe((message) => {
    if (message.type === 'log') writer.write(message.entry);
  });
  return writer;
}

function fail(exitCode: number, sentence: string): number {
  process.stderr.write(`error: ${sentence}\n`);
  return exitCode;
}

/** Describes an error of a file or folder of the lab; undefined if the error has another cause. */
function fileProblem(error: unknown): Failure | undefined {
  const isAboutFile = error instanceof Error && 'syscall' in error && 'path' in error && 'code' in error;
  if (!isAboutFile) return undefined;
  const sentence = `the lab cannot write its files: ${whyNot(error)} (${String(error.path)})`;
  return { code: 'file-unwritable', sentence };
}

function isLoopback(host: string): boolean {
  return /^127\.\d+\.\d+\.\d+$/.test(host) || host === '::1' || host === 'localhost';
}
