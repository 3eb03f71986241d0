import type { LabDecision } from './lab.ts';

/** Returns the check that failed in the last decision; undefined if the service accepted the client, or if there is no decision. */
export function failedCheckOf(decisions: readonly LabDecision[]): string | undefined {
  return decisions.at(-1)?.failed ?? undefined;
}

/** Describes the last decision in one sentence, for the message of a failed assertion. */
export function lastDecisionText(decisions: readonly LabDecision[]): string {
  const last = decisions.at(-1);
  if (last === undefined) return 'The lab made no decision about this device.';
  const failed = last.checks.find(({ check }) => check === last.failed);
  if (failed === undefined) return `In the last decision, ${last.judge} accepted ${last.about}.`;
  return `In the last decision, ${last.judge} refused ${last.about}, because the check ${failed.check} failed: expected ${failed.expected}, found ${failed.found}.`;
}
