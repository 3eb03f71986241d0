import { mistake } from '../mistake.ts';
import { cellsOf } from './cells.ts';
import type { MatrixOptions } from './matrix-options.ts';
import { closeReportFolder, emptyReportFolder, openReportFolder } from '../report/report-folder.ts';
import { type Playwright, startPlaywright } from '../run/start-playwright.ts';

/** Generates a scenario for each cell, runs them like `rehearse run`, reports the matrix, and returns the exit code. */
export async function playMatrix(options: MatrixOptions): Promise<number> {
  emptyReportFolder(options.reportDir);
  const { places, leftOut } = cellsOf(options);
  if (places.length === 0) {
    const reasons = new Set(leftOut.map(({ why }) => `\n  ${why}`));
    return mistake(`the chosen options leave no valid combination:${[...reasons].join('')}`);
  }
  const playwright = startPlaywright({ retries: 0 });
  try {
    return await makeAndPlay(playwright, options);
  } finally {
    playwright.kill();
  }
}

async function makeAndPlay(playwright: Playwright, options: MatrixOptions): Promise<number> {
  const { loadCells, makePlan, matrixReport, matrixView, pageText, playPlan, writeMatrix } = await import('./parts.ts');
  const { loaded, ...matrixPlan } = loadCells(options);
  const plan = makePlan(loaded, options);
  const opened = openReportFolder(options.reportDir);
  if (!opened.ok) return mistake(opened.failure.sentence);
  const folder = opened.value;
  const report = matrixReport(options.as, matrixPlan);
  const view = matrixView(plan, folder, pageText());
  try {
    return await playPlan({
      plan,
      folder,
      report,
      view,
      playwright,
      shard: undefined,
      write: (playback) => writeMatrix(folder, playback, matrixPlan, view),
    });
  } finally {
    closeReportFolder(folder);
  }
}
