import { hasFailedCheck, type DecisionTrace } from '../../core/history/decision.ts';
import type { History } from '../../core/history/history.ts';

/** Records a decision, whatever its outcome. */
export function recordDecision(history: History, trace: DecisionTrace): void {
  history.record({ kind: 'decision', ...trace.decision() });
}

/** Records a decision if one of its checks failed, or would have failed if it were not disabled. */
export function recordFailedDecision(history: History, trace: DecisionTrace): void {
  if (hasFailedCheck(trace.decision())) recordDecision(history, trace);
}
