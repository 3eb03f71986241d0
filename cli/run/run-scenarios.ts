import { defined } from '../../core/defined.ts';
import { type Result, succeeded } from '../../core/result.ts';
import type { Playback } from '../../reports/playback.ts';
import { pageText } from '../bundle/page-text.ts';
import { type LoadedFiles, loadFiles } from '../files/load-files.ts';
import { tellMistakes } from '../files/tell-mistakes.ts';
import { mistake } from '../mistake.ts';
import type { Gate } from '../report/gate.ts';
import { checkReportFiles, chosenReports, Outputs } from '../report/outputs.ts';
import { openReportFolder } from '../report/report-folder.ts';
import { addToHistory, readHistory } from '../report/run-history.ts';
import { viewOf } from '../report/view-of.ts';
import { writePages } from '../report/write-pages.ts';
import { makePlan } from './plan.ts';
import { playPlan } from './play-plan.ts';
import type { Repetition } from './play-repeats.ts';
import type { RunOptions } from './run-options.ts';

/** Checks all files, runs the chosen scenarios, reports, and returns the exit code. */
export async function runScenarios(paths: readonly string[], options: RunOptions): Promise<number> {
  if (options.untilDifferent !== undefined && options.repeat === undefined) {
    return mistake('--until-different needs --repeat COUNT, the maximum number of runs');
  }
  const gate = await gateFor(options);
  if (!gate.ok) return mistake(gate.failure.sentence);
  if (options.watch === true) {
    const { watchFiles } = await import('./watch-files.ts');
    const exitCode = await watchFiles(paths, async (loaded) => playLoaded(loaded, paths, options, undefined));
    // A scenario that did not end within its limit may still be in this process.
    await new Promise((written) => process.stdout.write('', written));
    process.exit(exitCode);
  }
  return playLoaded(loadFiles(paths), paths, options, gate.value);
}

/** Runs the chosen scenarios of files that were read, unless one of them has a mistake. */
async function playLoaded(
  loaded: LoadedFiles,
  paths: readonly string[],
  options: RunOptions,
  gate: Gate | undefined,
): Promise<number> {
  if (loaded.mistakes.length > 0) return tellMistakes(loaded);
  // With --watch, this process is warm after the first run, and a new worker is not.
  const isWarm = options.watch === true && loaded.scenarios.length <= warmAtMost;
  const planned = makePlan(loaded, isWarm ? { ...options, workers: 1 } : options);
  // With --watch, a run has only the scenarios of the saved files.
  const selection = options.watch === true ? undefined : { paths, grep: options.grep?.text ?? null };
  const plan = { ...planned, ...defined({ selection }) };
  if (plan.matching === 0) {
    return mistake(`no scenario of ${loaded.scenarios.length} matches --grep ${options.grep?.text}`);
  }
  const chosen = chosenReports(options.reporter, process.stdout);
  const writable = checkReportFiles(chosen);
  if (!writable.ok) return mistake(writable.failure.sentence);
  const opened = openReportFolder(options.reportDir);
  if (!opened.ok) return mistake(opened.failure.sentence);
  const folder = opened.value;
  const { retries, shard } = options;
  const history = readHistory(folder);
  const view = { ...viewOf(plan, folder, paths, options, pageText()), history };
  const repetition = repetitionOf(options);
  const isKept = options.watch === true;
  const write = (playback: Playback): void => {
    writePages(folder, playback, view);
    // With --watch, a run has only the scenarios of the saved files.
    if (!isKept) addToHistory(folder, playback, options.keep);
  };
  const outputs = new Outputs(chosen, view, plan.scenarios);
  return playPlan({ plan, folder, outputs, view, retries, shard, repetition, gate, isKept, write });
}

/** Workers are faster for a larger selection. */
const warmAtMost = 24;

function repetitionOf({ repeat, untilDifferent }: RunOptions): Repetition | undefined {
  return repeat === undefined ? undefined : { count: repeat, untilDifferent: untilDifferent === true };
}

/** Loads the gate only if an option needs it, because its module loads the shapes of the results. */
async function gateFor(options: RunOptions): Promise<Result<Gate | undefined>> {
  if (options.baseline === undefined && options.updateBaseline === undefined && options.slowerThan === undefined) {
    return succeeded(undefined);
  }
  const { openGate } = await import('../report/gate.ts');
  return openGate(options);
}
