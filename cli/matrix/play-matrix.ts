import type { matrixForms } from '../commands/matrix.ts';
import { exitCodes } from '../exit-codes.ts';
import { cellsOf, type MatrixFilter } from './cells.ts';
import { closeReportFolder, emptyReportFolder, openReportFolder } from '../report/report-folder.ts';
import { type Playwright, startPlaywright } from '../run/start-playwright.ts';

/** What `rehearse matrix` can be told. */
export interface MatrixOptions extends MatrixFilter {
  readonly as: (typeof matrixForms)[number];
  readonly workers?: number;
  readonly seed?: string;
  readonly reportDir: string;
  /** Real seconds. */
  readonly timeLimit: number;
}

/** Makes a scenario of each cell, plays them as `rehearse run` does, reports the matrix, and returns the exit code. */
export async function playMatrix(options: MatrixOptions): Promise<number> {
  emptyReportFolder(options.reportDir);
  const { places, leftOut } = cellsOf(options);
  if (places.length === 0) {
    const reasons = new Set(leftOut.map(({ why }) => `\n  ${why}`));
    return mistake(`no such combination makes sense:${[...reasons].join('')}`);
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
  const folder = openReportFolder(options.reportDir);
  if (typeof folder === 'string') return mistake(folder);
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

function mistake(sentence: string): number {
  process.stderr.write(`error: ${sentence}\n`);
  return exitCodes.mistake;
}
