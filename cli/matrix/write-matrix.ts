import { matrixHtml } from '../../reports/matrix/html-matrix.ts';
import { matrixMarkdown } from '../../reports/matrix/markdown-matrix.ts';
import { matrixOf, type MatrixPlan } from '../../reports/matrix/matrix-of.ts';
import type { Playback } from '../../reports/playback.ts';
import type { ReportFolder } from '../report-folder.ts';
import { writeAtomically } from '../write-atomically.ts';

/** Writes the matrix in every form. */
export function writeMatrix(folder: ReportFolder, playback: Playback, plan: MatrixPlan): void {
  const matrix = matrixOf(playback, plan);
  writeAtomically(folder.matrix.json, `${JSON.stringify(matrix, null, 2)}\n`);
  writeAtomically(folder.matrix.markdown, matrixMarkdown(matrix));
  writeAtomically(folder.matrix.html, matrixHtml(matrix));
}
