import { reports } from '../../reports/index.ts';
import type { Playback } from '../../reports/playback.ts';
import { pageText } from '../bundle/page-text.ts';
import { loadFiles } from '../files/load-files.ts';
import { tellMistakes } from '../files/tell-mistakes.ts';
import { mistake } from '../mistake.ts';
import type { Gate } from '../report/gate.ts';
import { closeReportFolder, openReportFolder } from '../report/report-folder.ts';
import { viewOf } from '../report/view-of.ts';
import { writePages } from '../report/write-pages.ts';
import { makePlan } from './make-plan.ts';
import { playPlan } from './play-plan.ts';
import type { Repetition } from './play-repeats.ts';
import type { RunOptions } from './run-options.ts';
import type { Playwright } from './start-playwright.ts';

/**
 * Loads and checks the files, runs the chosen scenarios, and returns the exit code. `runScenarios` imports this module after it has
 * started Playwright, because loading all steps and reports takes time.
 */
export async function checkAndPlay(
  playwright: Playwright,
  paths: readonly string[],
  options: RunOptions,
  gate: Gate | undefined,
): Promise<number> {
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
