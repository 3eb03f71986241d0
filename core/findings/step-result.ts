import { firstFailed, type Decision } from '../history/decision.ts';
import type { HistoryEvent } from '../history/events.ts';
import { sessionTakenOver } from '../history/session-taken-over.ts';

/** The result of a step in which no device registers. The decisions come from stations, auditors or the service. */
export interface StepResult {
  readonly step: number;
  /** The first decision of the step that is a refusal; if no decision is a refusal, the last decision. */
  readonly decision: Decision | undefined;
  /** The events of the step. The words of `expect:` take their actual values from these events. */
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
  // In a step with registrations, the decisions of the service, the hubs and the vendors belong to the registrations, not to
  // the step.
  const isRegistering = events.some(({ kind }) => kind === 'attempt-started');
  const decisions = events
    .filter((event) => event.kind === 'decision')
    .filter(({ judge }) => factoryJudges.has(judge) || (remoteJudges.has(judge) && !isRegistering))
    // If a newer client takes over a session, this decision is about the older client, which is not part of the step.
    .filter(({ about }) => about !== sessionTakenOver);
  const against = decisions.find((decision) => firstFailed(decision) !== undefined);
  return { step, decision: against ?? decisions.at(-1), events };
}

const factoryJudges: ReadonlySet<string> = new Set(['station', 'auditor']);
const remoteJudges: ReadonlySet<string> = new Set(['dps', 'hub', 'pki']);
