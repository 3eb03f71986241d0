import { PartMissing } from '../../core/part-missing.ts';
import { OutsideCalendar } from '../../core/time/calendar.ts';
import { FileProblem, whyNot } from '../files/file-problem.ts';
import { exitCodes } from '../exit-codes.ts';
import { endRequested } from '../process/end-requested.ts';
import { readLab } from './read-lab.ts';
import type { ListenerPortOptions } from './listener-ports.ts';
import { openLab, type OpenLab } from './open-lab.ts';
import { portProblem } from './port-problem.ts';
import { readyText } from './ready.ts';

/** What `rehearse serve` can be told. */
export interface ServeOptions extends ListenerPortOptions {
  readonly host: string;
  /** Names and addresses for the server certificate. */
  readonly name: readonly string[];
  readonly state?: string;
  readonly tpm: readonly string[];
  readonly controlPort: number;
  readonly json?: true;
}

/** Serves until a signal ends it. Returns the exit code. */
export async function serve(file: string | undefined, options: ServeOptions): Promise<number> {
  const read = readLab(file);
  if (typeof read === 'number') return read;
  // From here on a signal is a request to end, also while the lab is still being opened.
  const end = endRequested();
  let lab: OpenLab | string;
  try {
    lab = await openLab(read, options);
  } catch (error) {
    if (error instanceof FileProblem || error instanceof OutsideCalendar)
      return failed(exitCodes.mistake, error.message);
    const sentence = error instanceof PartMissing ? error.message : portProblem(error, options);
    if (sentence !== undefined) return failed(exitCodes.notShown, sentence);
    const problem = fileProblem(error);
    if (problem === undefined) throw error;
    return failed(options.state === undefined ? exitCodes.notShown : exitCodes.mistake, problem);
  }
  if (typeof lab === 'string') return failed(exitCodes.mistake, lab);
  if (!isLoopback(options.host)) {
    process.stderr.write(
      `warning: listening at ${options.host}, where others can reach it. This is a test double: it lets in whoever asks well, its keys are throw-away keys, and nothing in it has been hardened.\n`,
    );
  }
  const now = lab.clock.now();
  process.stdout.write(options.json === true ? `${JSON.stringify(lab.ready)}\n` : readyText(lab.ready, now));
  await end;
  const unkept = await lab.close();
  return unkept === undefined ? exitCodes.asExpected : failed(exitCodes.notShown, unkept);
}

function failed(exitCode: number, sentence: string): number {
  process.stderr.write(`error: ${sentence}\n`);
  return exitCode;
}

/** What a file or folder of the lab could not be used for; undefined where the error is about something else. */
function fileProblem(error: unknown): string | undefined {
  const isAboutFile = error instanceof Error && 'syscall' in error && 'path' in error && 'code' in error;
  return isAboutFile ? `the lab cannot keep its files: ${whyNot(error)} (${String(error.path)})` : undefined;
}

function isLoopback(host: string): boolean {
  return /^127\.\d+\.\d+\.\d+$/.test(host) || host === '::1' || host === 'localhost';
}
