import type { Report } from './define-report.ts';
import { ending } from './text/ending.ts';
import { beforeMutation } from './text/mutation-line.ts';
import { scenarioLines } from './text/scenario-line.ts';

/** The report for a terminal: a line for each finished scenario with its findings, then the failures, then the summary. */
export const terminalReport: Report = {
  name: 'terminal',
  summary: 'a line for each scenario with its findings',
  hasProgress: true,
  onSabotage: beforeMutation,
  onScenario: scenarioLines,
  onEnd: ending,
};
