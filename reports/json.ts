import type { Report } from './define-report.ts';
import { resultsJson } from './results-json.ts';

/** Nothing but the results object. */
export const jsonReport: Report = {
  name: 'json',
  summary: 'the results object and nothing else',
  onScenario: () => '',
  onEnd: resultsJson,
};
