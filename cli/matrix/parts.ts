// The modules that `rehearse matrix` loads while Playwright starts.
export { makePlan } from '../run/make-plan.ts';
export { playPlan } from '../run/play-plan.ts';
export { matrixReport } from '../../reports/matrix/matrix-report.ts';
export { pageText } from '../bundle/page-text.ts';
export { loadCells } from './load-cells.ts';
export { matrixView } from './matrix-view.ts';
export { writeMatrix } from './write-matrix.ts';
