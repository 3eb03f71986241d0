// What `rehearse run` loads while Playwright gets ready: the loader with all steps, and the reports.
export { reports } from '../reports/index.ts';
export { loadFiles } from './load-files.ts';
export { makePlan } from './make-plan.ts';
export { playPlan } from './play-plan.ts';
export { tellMistakes } from './tell-mistakes.ts';
export { viewOf } from './view-of.ts';
export { writePages } from './write-pages.ts';
