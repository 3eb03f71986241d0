import { type Result, succeeded } from '../../core/result.ts';
import type { Playback } from '../../reports/playback.ts';
import { mistake } from '../mistake.ts';
import type { Gate } from '../report/gate.ts';
import type { Repetition } from './play-repeats.ts';
import { closeReportFolder, emptyReportFolder, openReportFolder } from '../report/report-folder.ts';
import type { RunOptions } from './run-options.ts';
import { pageText } from '../bundle/page-text.ts';
import { type Playwright, startPlaywright } from './start-playwright.ts';

/** Checks all files, runs the chosen scenarios, reports, and returns the exit code. */
export async function runScenarios(paths: readonly string[], options: RunOptions): Promise<number> {
  if (options.untilDifferent !== undefined && options.repeat === undefined) {
    return mistake('--until-different needs --repeat COUNT, the maximum number of runs');
  }
  const gate = await gateFor(options);
  if (!gate.ok) return mistake(gate.failure.sentence);
  emptyReportFolder(options.reportDir);
  // Playwright starts while the files are read and checked: both take about the same time.
  const playwright = startPlaywright(options);
  try {
    return await checkAndPlay(playwright, paths, options, gate.value);
  } finally {
    playwright.kill();
  }
}

async function checkAndPlay(
  playwright: Playwright,
  paths: readonly string[],
  options: RunOptions,
  gate: Gate | undefined,
): Promise<number> {
  const { loadFiles, makePlan, playPlan, reports, tellMistakes, viewOf, writePages } = await import('./run-parts.ts');
  const loaded = loadFiles(paths);
  if (loaded.mistakes.length > 0) return tellMistakes(loaded);
  const plan = makePlan(loaded, options);
  if (plan.scenarios.length === 0) {
    return mistake(`no scenario of ${loaded.scenarios.length} matches --grep ${options.grep?.text}`);
  }
  const opened = openReportFolder(options.reportDir);
  if (!opened.ok) return mistake(opened.failure.sentence);
  const folder = opened.value;
  const report = reports.find(({ name }) => name === options.reporter) ?? reports[0];
  const view = viewOf(plan, folder, paths, options, pageText());
  try {
    const write = (playback: Playback): void => writePages(folder, playback, view);
    const repetition = repetitionOf(options);
    return await playPlan({ plan, folder, report, view, playwright, shard: options.shard, repetition, gate, write });
  } finally {
    closeReportFolder(folder);
  }
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
