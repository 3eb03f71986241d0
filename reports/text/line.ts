import type { Report, View } from '../define-report.ts';
import type { PlayedRun } from '../playback.ts';
import { ending } from './ending.ts';
import { beforeMutation } from './mutation-line.ts';
import { scenarioLine, scenarioLines } from './scenario-line.ts';

/** The report for a terminal: one line of progress, a line for each scenario that needs attention, then the failures and the summary. */
export const lineReport: Report = {
  name: 'line',
  summary: 'one line of progress, then failures',
  hasProgress: true,
  onSabotage: beforeMutation,
  onScenario: attentionLine,
  onEnd: ending,
};

/**
 * Returns the line of a scenario that did not pass, is flaky, has a warning, or ran with a disabled check. If the run has only one file,
 * returns the lines of any scenario.
 */
function attentionLine(played: PlayedRun, view: View): string {
  const { run, flaky } = played;
  if (view.fileCount === 1) return scenarioLines(played, view);
  const needsAttention = run.verdict.kind !== 'pass' || flaky || run.warnings.length > 0 || run.sabotage !== undefined;
  return needsAttention ? scenarioLine(played, view) : '';
}
