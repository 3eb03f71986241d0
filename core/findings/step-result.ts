import { firstFailed, type Decision } from '../history/decision.ts';
import type { HistoryEvent } from '../history/events.ts';
import { sessionTakenOver } from '../history/session-taken-over.ts';

/** The result of a step in which stations, auditors or the service decide, and no device registers. */
export interface StepResult {
  readonly step: number;
  /** The first decision that refused something in the step; otherwise the last decision. */
  readonly decision: Decision | undefined;
  /** The events of the step. The words of `expect:` read their actual values from them. */
  readonly events: readonly HistoryEvent[];
}

/** Returns the result of each step that ran to its end. */
export function observeStepResults(events: readonly HistoryEvent[]): readonly StepResult[] {
  const results: StepResult[] = [];
  let from = 0;
  for (const [index, event] of events.entries()) {
    if (event.kind === 'step-started') from = index;
    if (event.kind === 'step-ended') results.push(resultOf(event.step, events.slice(from, index)));
  }
  return results;
}

function resultOf(step: number, events: readonly HistoryEvent[]): StepResult {
  // While devices register, the decisions of service, hubs and vendors belong to the registrations and not to the step.
  const isRegistering = events.some(({ kind }) => kind === 'attempt-started');
  const decisions = events
    .filter((event) => event.kind === 'decision')
    .filter(({ judge }) => factoryJudges.has(judge) || (remoteJudges.has(judge) && !isRegistering))
    // A take-over disconnects the older client, which is not the client of this step.
    .filter(({ about }) => about !== sessionTakenOver);
  const against = decisions.find((decision) => firstFailed(decision) !== undefined);
  return { step, decision: against ?? decisions.at(-1), events };
}

const factoryJudges: ReadonlySet<string> = new Set(['station', 'auditor']);
const remoteJudges: ReadonlySet<string> = new Set(['dps', 'hub', 'pki']);
