import type { Report, View } from '../../reports/define-report.ts';
import type { PlayedRun, Playback } from '../../reports/playback.ts';
import { junitXml } from '../../reports/junit.ts';
import { resultsJson, resultsOf } from '../../reports/results-json.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { FileProblem } from '../files/file-problem.ts';
import type { Gate } from '../report/gate.ts';
import { PlaybackRecord } from './playback-record.ts';
import type { Playing } from './plan.ts';
import { playRepeats, type Repetition } from './play-repeats.ts';
import { playRound } from './play-round.ts';
import type { Playwright } from './start-playwright.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { writeJobSummary } from '../report/write-job-summary.ts';

export interface PlaySettings extends Playing {
  readonly report: Report;
  readonly view: View;
  /** Started, and waiting for the plan. */
  readonly playwright: Playwright;
  readonly shard: string | undefined;
  /** Undefined if the plan runs once. */
  readonly repetition?: Repetition | undefined;
  /** The comparison with a baseline. */
  readonly gate?: Gate | undefined;
  /** Writes the other files of the report at the end, beside results.json and junit.xml. */
  readonly write: (playback: Playback) => void;
}

/** Runs a plan, reports each scenario when it ends, and returns the exit code. */
export async function playPlan(settings: PlaySettings): Promise<number> {
  const { plan, folder, report, view, playwright, shard, repetition, gate } = settings;
  const record = new PlaybackRecord({ plan, folder }, shard);
  let hasWarned = false;
  const save = (): void => {
    try {
      writeAtomically(folder.results, resultsJson(record.playback()), { isDurable: false });
    } catch (error) {
      // A full disk may have free space again at the end of the run. A failure there is final.
      if (!(error instanceof FileProblem)) throw error;
      if (!hasWarned) process.stderr.write(`warning: ${error.message}; the run continues\n`);
      hasWarned = true;
    }
  };
  save();
  if (plan.sabotage !== undefined) process.stdout.write(report.onSabotage?.(plan.sabotage, view) ?? '');

  const isWatched = report.name === 'terminal' && process.stdout.isTTY;
  const describe = (played: PlayedRun): string => report.onScenario(played, view);
  let signalCode = await playRound({ plan, folder, playwright, record, save, isWatched, describe });
  if (repetition !== undefined) {
    signalCode ??= await playRepeats({ plan, folder, record, save, isWatched, describe }, repetition);
  }
  const playback = record.playback();
  writeAtomically(folder.results, resultsJson(playback));
  writeAtomically(folder.junit, junitXml(playback, { ...view, colour: false }));
  settings.write(playback);
  const results = resultsOf(playback);
  const comparison = gate?.compare(results);
  const compared = comparison === undefined ? view : { ...view, comparison };
  process.stdout.write(report.onEnd(playback, compared));
  writeJobSummary(report.onSummary?.(playback, compared));
  if (gate === undefined || comparison === undefined) return signalCode ?? exitCodeOf(results);
  return signalCode ?? gate.end(results, comparison);
}
