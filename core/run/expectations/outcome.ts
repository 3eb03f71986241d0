import { defined } from '../../defined.ts';
import type { StepResult } from '../../findings/step-result.ts';
import { firstFailed } from '../../history/decision.ts';
import type { FleetRun } from '../../history/fleet-run.ts';
import type { Registration } from '../../history/events.ts';
import { percentage } from './percentage.ts';

/** The outcome of a registration or of a step, with the assigned hub or the check that caused a refusal. */
export type Outcome = {
  /** `mixed`: DPS assigned some devices of a fleet, but not all. */
  readonly outcome: Registration['outcome'] | 'done' | 'mixed';
  readonly hub?: string;
  readonly check?: string;
  /** Percentage of the devices of a fleet that DPS assigned. */
  readonly assigned?: number;
};

/** Returns the outcome of one registration, with the name that the hub has in the scenario. */
export function outcomeOfRegistration({ outcome, hub, check }: Registration): Outcome {
  return { outcome, ...defined({ hub, check }) };
}

/** Returns the outcome of a simulated fleet, with the hub or the check that all its devices share. */
export function outcomeOfFleet({ devices, outcomes, hubs, refusals }: FleetRun): Outcome {
  const outcome = outcomes.assigned === devices ? 'assigned' : outcomes.refused === devices ? 'refused' : 'mixed';
  const [hub, ...otherHubs] = Object.keys(hubs);
  const check = refusals[0]?.check;
  return {
    outcome,
    assigned: percentage(outcomes.assigned, devices),
    ...defined({
      hub: outcome === 'assigned' && otherHubs.length === 0 ? hub?.replace('.azure-devices.net', '') : undefined,
      check: outcome === 'assigned' || (outcome === 'refused' && refusals.length > 1) ? undefined : check,
    }),
  };
}

/** Returns the outcome of a step in which no device registers; undefined if the step contains no decision. */
export function outcomeOfStep({ decision }: StepResult): Outcome | undefined {
  if (decision === undefined) return undefined;
  const against = firstFailed(decision);
  return against === undefined ? { outcome: 'done' } : { outcome: 'refused', check: against.check };
}

/** Returns an outcome as text, such as `assigned to hub-eu` or `refused by token-signature-matches`. */
export function showOutcome({ outcome, hub, check, assigned }: Outcome): string {
  if (outcome === 'mixed')
    return `${assigned ?? 0} % assigned${check === undefined ? '' : `, the others refused by ${check}`}`;
  if (outcome === 'assigned') return hub === undefined ? outcome : `assigned to ${hub}`;
  return check === undefined ? outcome : `${outcome} by ${check}`;
}

/** Returns the outcome of a step as Markdown for the guide. */
export function phraseOutcome(outcome: Outcome | undefined): readonly [string] {
  return [outcome?.check === undefined ? 'not refused' : `refused by \`${outcome.check}\``];
}
