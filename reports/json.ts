import type { Report } from './define-report.ts';
import { resultsJson } from './results-json.ts';

/** Prints only the results object. */
export const jsonReport: Report = {
  name: 'json',
  summary: 'only the results object',
  onScenario: () => '',
  onEnd: resultsJson,
};
