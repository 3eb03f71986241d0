import { hasFailedCheck, type DecisionTrace } from '../../core/history/decision.ts';
import type { History } from '../../core/history/history.ts';

/** Records a decision, even if no check failed. */
export function recordDecision(history: History, trace: DecisionTrace): void {
  history.record({ kind: 'decision', ...trace.decision() });
}

/** Records a decision if one of its checks failed, even if the check is disabled. */
export function recordFailedDecision(history: History, trace: DecisionTrace): void {
  if (hasFailedCheck(trace.decision())) recordDecision(history, trace);
}
