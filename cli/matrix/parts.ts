// What `rehearse matrix` loads while Playwright gets ready.
export { makePlan } from '../make-plan.ts';
export { playPlan } from '../play-plan.ts';
export { matrixReport } from '../../reports/matrix/matrix-report.ts';
export { pageText } from '../page-text.ts';
export { loadCells } from './load-cells.ts';
export { matrixView } from './matrix-view.ts';
export { writeMatrix } from './write-matrix.ts';
