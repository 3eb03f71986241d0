import { type Result, succeeded } from '../../core/result.ts';
import { reports } from '../../reports/index.ts';
import { pageText } from '../bundle/page-text.ts';
import { loadFiles } from '../files/load-files.ts';
import { tellMistakes } from '../files/tell-mistakes.ts';
import { mistake } from '../mistake.ts';
import type { Gate } from '../report/gate.ts';
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
  const loaded = loadFiles(paths);
  if (loaded.mistakes.length > 0) return tellMistakes(loaded);
  const plan = makePlan(loaded, options);
  if (plan.matching === 0) {
    return mistake(`no scenario of ${loaded.scenarios.length} matches --grep ${options.grep?.text}`);
  }
  const opened = openReportFolder(options.reportDir);
  if (!opened.ok) return mistake(opened.failure.sentence);
  const folder = opened.value;
  const { retries, shard } = options;
  const report = reports.find(({ name }) => name === options.reporter) ?? reports[0];
  const history = readHistory(folder);
  const view = { ...viewOf(plan, folder, paths, options, pageText()), history };
  const repetition = repetitionOf(options);
  return playPlan({
    plan,
    folder,
    report,
    view,
    retries,
    shard,
    repetition,
    gate: gate.value,
    write: (playback) => {
      writePages(folder, playback, view);
      addToHistory(folder, playback, options.keep);
    },
  });
}

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
