import type { LabDecision } from './lab.ts';

/** Returns the check by which the last decision refused; undefined if it accepted, or if there is no decision. */
export function failedCheckOf(decisions: readonly LabDecision[]): string | undefined {
  return decisions.at(-1)?.failed ?? undefined;
}

/** Describes the last decision in one sentence, for the message of a failed assertion. */
export function lastDecisionText(decisions: readonly LabDecision[]): string {
  const last = decisions.at(-1);
  if (last === undefined) return 'The lab made no decision about this device.';
  const failed = last.checks.find(({ check }) => check === last.failed);
  if (failed === undefined) return `The last decision, of ${last.judge} about ${last.about}, accepted it.`;
  return `The last decision, of ${last.judge} about ${last.about}, refused it by ${failed.check}: expected ${failed.expected}, found ${failed.found}.`;
}
