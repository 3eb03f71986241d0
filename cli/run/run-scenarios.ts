import { defined } from '../../core/defined.ts';
import { type Result, succeeded } from '../../core/result.ts';
import { PageRuns } from '../../reports/html/page-runs.ts';
import { counted } from '../../reports/markup/counted.ts';
import type { Playback } from '../../reports/playback.ts';
import { pageText } from '../bundle/page-text.ts';
import { exitCodes } from '../exit-codes.ts';
import { type LoadedFiles, loadFiles } from '../files/load-files.ts';
import { tellMistakes } from '../files/tell-mistakes.ts';
import { mistake } from '../mistake.ts';
import type { Gate } from '../report/gate.ts';
import { openAfterRun } from '../report/open/open-after-run.ts';
import { checkReportFiles, chosenReports, Outputs } from '../report/outputs.ts';
import { openReportFolder } from '../report/report-folder.ts';
import { addToHistory, readHistory } from '../report/run-history.ts';
import { viewOf } from '../report/view-of.ts';
import { writePages } from '../report/write-pages.ts';
import { EarlyWorkers } from './early-workers.ts';
import { idsPattern } from './ids-pattern.ts';
import { type LastFailed, readLastFailed } from './last-failed.ts';
import { makePlan, type Plan } from './plan.ts';
import { playPlan } from './play-plan.ts';
import type { Repetition } from './play-repeats.ts';
import { refusedPrograms } from './refused-programs.ts';
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
    const exitCode = await watchFiles(paths, async (loaded) => playLoaded(loaded, paths, options, {}));
    // A scenario that exceeded its time limit may still run in this process, so only `process.exit` ends it. The empty write waits until
    // stdout is written.
    await new Promise((written) => process.stdout.write('', written));
    process.exit(exitCode);
  }
  const last = options.lastFailed === true ? readLastFailed(options.reportDir) : succeeded(undefined);
  if (!last.ok) return mistake(last.failure.sentence);
  if (last.value?.seeds.size === 0) {
    const all = counted(last.value.total, 'scenario');
    process.stdout.write(`no scenario to run: the last run, in ${options.reportDir}, had ${all} and each passed\n`);
    return exitCodes.asExpected;
  }
  const files = last.value === undefined || paths.length > 0 ? paths : last.value.files;
  const workers = new EarlyWorkers(files, options);
  try {
    return await playLoaded(loadFiles(files), paths, options, { gate: gate.value, last: last.value, workers });
  } finally {
    await workers.close();
  }
}

/** The preparations of a run. */
interface Prepared {
  readonly gate?: Gate | undefined;
  readonly last?: LastFailed | undefined;
  readonly workers?: EarlyWorkers;
}

/** Runs the chosen scenarios of files that were already read, unless one of the files has a mistake. */
async function playLoaded(
  loaded: LoadedFiles,
  paths: readonly string[],
  options: RunOptions,
  { gate, last, workers }: Prepared,
): Promise<number> {
  if (loaded.mistakes.length > 0) return tellMistakes(loaded);
  // With --watch, a small selection runs in this process, which has loaded all modules after the first run. A new worker would have to load
  // them again.
  const isWarm = options.watch === true && loaded.scenarios.length <= warmAtMost;
  const planned = makePlan(loaded, { ...options, last, ...(isWarm ? { workers: 1 } : {}) });
  if (planned.matching === 0) return mistake(noneSentence(loaded, options));
  const refused = planned.allowPrograms ? undefined : refusedPrograms(loaded, planned);
  if (refused !== undefined) return mistake(refused);
  const selection = last === undefined ? { paths, grep: options.grep?.text ?? null } : selectionOf(planned);
  // With --watch, a run has only the scenarios of the files that were just saved, so the command-line arguments do not describe its
  // selection.
  const plan = { ...planned, ...defined({ selection: options.watch === true ? undefined : selection }) };
  const chosen = chosenReports(options.reporter, process.stdout);
  const writable = checkReportFiles(chosen);
  if (!writable.ok) return mistake(writable.failure.sentence);
  const opened = openReportFolder(options.reportDir);
  if (!opened.ok) return mistake(opened.failure.sentence);
  const folder = opened.value;
  const { retries, shard } = options;
  const history = readHistory(folder);
  const view = { ...viewOf(plan, folder, selection, { ...options, paths }, pageText()), history };
  const repetition = repetitionOf(options);
  const isKept = options.watch === true;
  const runs = new PageRuns();
  const write = (playback: Playback): void => {
    writePages(folder, playback, view, runs);
    // With --watch, a run has only the scenarios of the files that were just saved, so its results would distort the trends.
    if (!isKept) addToHistory(folder, playback, options.keep);
  };
  const outputs = new Outputs(chosen, view, plan.scenarios);
  return playPlan({
    plan,
    folder,
    outputs,
    view,
    retries,
    maxFailures: options.maxFailures,
    shard,
    repetition,
    gate,
    isKept,
    takeWorkers: () => workers?.take(),
    prepare: ({ run }) => runs.add(run),
    write,
    onReported: (exitCode) => openAfterRun(folder.page, options.open, exitCode),
  });
}

function noneSentence({ scenarios }: LoadedFiles, { grep, lastFailed }: RunOptions): string {
  const all = `no scenario (of ${scenarios.length})`;
  if (lastFailed === undefined) return `${all} matches --grep ${grep?.text}`;
  const matches = grep === undefined ? '' : ` and matches --grep ${grep.text}`;
  return `${all} failed in the last run${matches}; run without --last-failed`;
}

/** Returns arguments that choose the scenarios of a plan; undefined if they would be too long to paste. */
function selectionOf({ scenarios }: Plan): Playback['selection'] {
  if (scenarios.length === 0 || scenarios.length > pastedAtMost) return undefined;
  return {
    paths: [...new Set(scenarios.map(({ file }) => file))],
    grep: idsPattern(scenarios.map(({ id }) => id)),
  };
}

const pastedAtMost = 5;

/** Maximum number of scenarios that --watch runs in this process. Workers are faster for more scenarios. */
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
