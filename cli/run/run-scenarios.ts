import { type Result, succeeded } from '../../core/result.ts';
import { mistake } from '../mistake.ts';
import type { Gate } from '../report/gate.ts';
import { emptyReportFolder } from '../report/report-folder.ts';
import type { RunOptions } from './run-options.ts';
import { startPlaywright } from './start-playwright.ts';

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
    const { checkAndPlay } = await import('./check-and-play.ts');
    return await checkAndPlay(playwright, paths, options, gate.value);
  } finally {
    playwright.kill();
  }
}

/** Loads the gate only if an option needs it, because its module loads the shapes of the results. */
async function gateFor(options: RunOptions): Promise<Result<Gate | undefined>> {
  if (options.baseline === undefined && options.updateBaseline === undefined && options.slowerThan === undefined) {
    return succeeded(undefined);
  }
  const { openGate } = await import('../report/gate.ts');
  return openGate(options);
}
