import type { Report } from '../define-report.ts';
import { reportPage } from './report-page.ts';

/** Prints report.html. */
export const htmlReport: Report = {
  name: 'html',
  summary: 'one HTML page with every run',
  onScenario: () => '',
  onEnd: reportPage,
};
