import { matrixReport } from '../../reports/matrix/matrix-report.ts';
import { pageText } from '../bundle/page-text.ts';
import { mistake } from '../mistake.ts';
import { Outputs } from '../report/outputs.ts';
import { openReportFolder } from '../report/report-folder.ts';
import { makePlan } from '../run/plan.ts';
import { playPlan } from '../run/play-plan.ts';
import { loadCells } from './load-cells.ts';
import type { MatrixOptions } from './matrix-options.ts';
import { matrixView } from './matrix-view.ts';
import { writeMatrix } from './write-matrix.ts';

/**
 * Generates a scenario for each chosen combination, runs these scenarios like `rehearse run`, reports the matrix, and returns the exit
 * code.
 */
export async function playMatrix(options: MatrixOptions): Promise<number> {
  const { loaded, ...matrixPlan } = loadCells(options);
  if (matrixPlan.cells.length === 0) {
    const reasons = new Set(matrixPlan.leftOut.map(({ why }) => `\n  ${why}`));
    return mistake(`the chosen options leave no valid combination:${[...reasons].join('')}`);
  }
  const plan = makePlan(loaded, options);
  const opened = openReportFolder(options.reportDir);
  if (!opened.ok) return mistake(opened.failure.sentence);
  const folder = opened.value;
  const report = matrixReport(options.as, matrixPlan);
  const view = matrixView(plan, folder, pageText());
  return playPlan({
    plan,
    folder,
    outputs: new Outputs([{ report }], view, plan.scenarios),
    view,
    retries: 0,
    shard: undefined,
    write: (playback) => writeMatrix(folder, playback, matrixPlan, view),
  });
}
