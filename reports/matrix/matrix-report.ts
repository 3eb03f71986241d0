import type { Report } from '../define-report.ts';
import { matrixHtml } from './html-matrix.ts';
import { matrixMarkdown } from './markdown-matrix.ts';
import { matrixOf, type MatrixPlan } from './matrix-of.ts';
import { matrixText } from './terminal-matrix.ts';

/** Returns the report that prints a matrix in one of its formats at the end. */
export function matrixReport(form: 'terminal' | 'markdown' | 'html', plan: MatrixPlan): Report {
  return {
    name: form,
    summary: 'the decision matrix',
    ...(form === 'terminal' ? { hasProgress: true } : {}),
    onScenario: () => '',
    onEnd: (playback, view) => {
      const matrix = matrixOf(playback, plan);
      if (form === 'markdown') return matrixMarkdown(matrix);
      return form === 'html' ? matrixHtml(matrix) : matrixText(matrix, view);
    },
  };
}
