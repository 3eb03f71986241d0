import type { Report } from '../define-report.ts';
import { ending } from './ending.ts';
import { beforeMutation } from './mutation-line.ts';
import { scenarioLine } from './scenario-line.ts';

/** The report with a line for each finished scenario, then the failures and the summary. */
export const listReport: Report = {
  name: 'list',
  summary: 'a line for each scenario',
  hasProgress: true,
  onSabotage: beforeMutation,
  onScenario: scenarioLine,
  onEnd: ending,
};
