import type { Report } from './define-report.ts';
import { resultsJson } from './results-json.ts';

/** Prints results.json and no other text. */
export const jsonReport: Report = {
  name: 'json',
  summary: 'only the results object',
  onScenario: () => '',
  onEnd: resultsJson,
};
