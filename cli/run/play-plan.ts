import { closeSync } from 'node:fs';
import type { View } from '../../reports/define-report.ts';
import type { PlayedRun, Playback } from '../../reports/playback.ts';
import { junitXml } from '../../reports/junit.ts';
import { resultsOctets, resultsOf } from '../../reports/results-json.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { FileProblem } from '../files/file-problem.ts';
import type { Gate } from '../report/gate.ts';
import type { Outputs } from '../report/outputs.ts';
import { closeReportFolder } from '../report/report-folder.ts';
import { PlaybackRecord } from './playback-record.ts';
import type { Playing } from './plan.ts';
import { playRepeats, type Repetition } from './play-repeats.ts';
import { lanesOf, playRound } from './play-round.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface PlaySettings extends Playing {
  readonly outputs: Outputs;
  readonly view: View;
  /** Maximum number of further attempts of a scenario that does not pass. */
  readonly retries: number;
  /** The number of failures after which the run stops; unlimited if omitted. */
  readonly maxFailures?: number | undefined;
  readonly shard: string | undefined;
  /** The settings of `--repeat`; undefined if the plan runs once. */
  readonly repetition?: Repetition | undefined;
  /** The comparison with a baseline. */
  readonly gate?: Gate | undefined;
  /** True if this process continues after the run and starts the next run, unless a signal ended the run. */
  readonly isKept?: boolean;
  /** Returns worker processes that have started before; undefined if there are none. Default: none. */
  readonly takeWorkers?: () => Promise<WorkerPool> | undefined;
  /** Prepares a finished scenario for the other files of the report, while other scenarios run. Default: no preparation. */
  readonly prepare?: (played: PlayedRun) => void;
  /** Writes the other files of the report at the end, beside results.json and junit.xml. */
  readonly write: (playback: Playback) => void;
  /** Called with the exit code when the report is complete. */
  readonly onReported?: (exitCode: number) => Promise<void>;
}

/**
 * Runs a plan, reports each scenario when it ends, closes the report folder, and returns the exit code. Ends this process if a scenario
 * that exceeded its time limit still runs in it.
 */
export async function playPlan(settings: PlaySettings): Promise<number> {
  try {
    const { exitCode, isAbandoned } = await playAndReport(settings);
    await settings.onReported?.(exitCode);
    if (isAbandoned && settings.isKept !== true) {
      closeReportFolder(settings.folder);
      await new Promise((written) => process.stdout.write('', written));
      process.exit(exitCode);
    }
    return exitCode;
  } finally {
    closeReportFolder(settings.folder);
  }
}

async function playAndReport(settings: PlaySettings): Promise<{ exitCode: number; isAbandoned: boolean }> {
  const { plan, folder, outputs, view, retries, maxFailures, shard, repetition, gate } = settings;
  const record = new PlaybackRecord({ plan, folder }, shard);
  let hasWarned = false;
  const save = (): void => {
    try {
      writeAtomically(folder.results, resultsOctets(record.playback()), { isDurable: false });
    } catch (error) {
      // The run continues if the disk is full now, because the disk may have free space at the end of the run. A failure to write then ends
      // the run.
      if (!(error instanceof FileProblem)) throw error;
      if (!hasWarned) process.stderr.write(`warning: ${error.message}; the run continues\n`);
      hasWarned = true;
    }
  };
  save();
  if (plan.sabotage !== undefined) process.stdout.write(outputs.onSabotage(plan.sabotage));

  const isWatched = outputs.hasProgress && process.stdout.isTTY;
  const describe = (played: PlayedRun): string => outputs.onScenario(played);
  const isInOwnProcess = lanesOf(plan) === 1 && (settings.isKept === true || plan.scenarios.length <= ownProcessAtMost);
  const finish = (signalCode?: number): number => {
    const playback = record.playback();
    writeAtomically(folder.results, resultsOctets(playback));
    writeAtomically(folder.junit, junitXml(playback, { ...view, colour: false }));
    settings.write(playback);
    const results = resultsOf(playback);
    const comparison = gate?.compare(results);
    process.stdout.write(outputs.onEnd(playback, comparison));
    const isCompared = gate !== undefined && comparison !== undefined;
    return signalCode ?? (isCompared ? gate.end(results, comparison) : exitCodeOf(results));
  };
  const endNow = (): never => {
    const exitCode = finish();
    closeReportFolder(folder);
    // Closes stderr, because Node would print on it that it waits for the debugger. The debugger is the watchdog.
    closeSync(process.stderr.fd);
    process.exit(exitCode);
  };
  const { prepare = () => {}, takeWorkers = () => undefined } = settings;
  const round = {
    plan,
    folder,
    retries,
    maxFailures,
    isInOwnProcess,
    record,
    save,
    isWatched,
    describe,
    endNow,
    prepare,
    takeWorkers,
  };
  const first = await playRound(round);
  const isRepeated = repetition !== undefined && first.signalCode === undefined;
  const signalCode = isRepeated ? await playRepeats({ ...round, retries: 0 }, repetition) : first.signalCode;
  return { exitCode: finish(signalCode), isAbandoned: first.isAbandoned };
}

/** A larger selection runs in worker processes, where a crash ends one scenario only. */
const ownProcessAtMost = 3;
