import type { Report } from '../define-report.ts';
import { reportPage } from './report-page.ts';

/** The page that report.html is as well. */
export const htmlReport: Report = {
  name: 'html',
  summary: 'one HTML page to look through every run with',
  onScenario: () => '',
  onEnd: reportPage,
};
