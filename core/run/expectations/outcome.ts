import { defined } from '../../defined.ts';
import type { StepResult } from '../../findings/step-result.ts';
import { firstFailed } from '../../history/decision.ts';
import type { Registration } from '../../history/events.ts';

/** The outcome of a registration or of a step, with the assigned hub or the check that refused it. */
export type Outcome = {
  readonly outcome: Registration['outcome'] | 'done';
  readonly hub?: string;
  readonly check?: string;
};

/** Returns the outcome of one registration, with the name that the hub has in the scenario. */
export function outcomeOfRegistration({ outcome, hub, check }: Registration): Outcome {
  return { outcome, ...defined({ hub, check }) };
}

/** Returns the outcome of a step in which no device registers; undefined if the step contains no decision. */
export function outcomeOfStep({ decision }: StepResult): Outcome | undefined {
  if (decision === undefined) return undefined;
  const against = firstFailed(decision);
  return against === undefined ? { outcome: 'done' } : { outcome: 'refused', check: against.check };
}

/** Returns an outcome as text, such as `assigned to hub-eu` or `refused by token-signature-matches`. */
export function showOutcome({ outcome, hub, check }: Outcome): string {
  if (outcome === 'assigned') return hub === undefined ? outcome : `assigned to ${hub}`;
  return check === undefined ? outcome : `${outcome} by ${check}`;
}

/** Returns the outcome of a step as Markdown for the guide. */
export function phraseOutcome(outcome: Outcome | undefined): readonly [string] {
  return [outcome?.check === undefined ? 'went through' : `refused by \`${outcome.check}\``];
}
