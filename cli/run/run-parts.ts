// The modules that `rehearse run` loads while Playwright starts: the loader with all steps, and the reports.
export { reports } from '../../reports/index.ts';
export { loadFiles } from '../files/load-files.ts';
export { makePlan } from './make-plan.ts';
export { playPlan } from './play-plan.ts';
export { tellMistakes } from '../files/tell-mistakes.ts';
export { viewOf } from '../report/view-of.ts';
export { writePages } from '../report/write-pages.ts';
