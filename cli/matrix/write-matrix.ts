import type { View } from '../../reports/define-report.ts';
import { reportPage } from '../../reports/html/report-page.ts';
import { matrixHtml } from '../../reports/matrix/html-matrix.ts';
import { matrixMarkdown } from '../../reports/matrix/markdown-matrix.ts';
import { matrixOf, type MatrixPlan } from '../../reports/matrix/matrix-of.ts';
import type { Playback } from '../../reports/playback.ts';
import type { ReportFolder } from '../report/report-folder.ts';
import { writeAtomically } from '../files/write-atomically.ts';

/** Writes the matrix in every format, and a report.html that contains the matrix. */
export function writeMatrix(folder: ReportFolder, playback: Playback, plan: MatrixPlan, view: View): void {
  const matrix = matrixOf(playback, plan);
  writeAtomically(folder.matrix.json, `${JSON.stringify(matrix, null, 2)}\n`);
  writeAtomically(folder.matrix.markdown, matrixMarkdown(matrix));
  writeAtomically(folder.matrix.html, matrixHtml(matrix));
  writeAtomically(folder.page, reportPage(playback, { ...view, matrix }));
}
