import type { Run, StepVerdict } from '../../../../core/run/run.ts';
import { groupBy } from '../../../../core/findings/signals/group-by.ts';
import { type AttackEvent, type AttackResult, attackResults } from '../../../../core/findings/attack-results.ts';

/** An expectation of a step, and the devices with the same result. */
export interface StepOutcome {
  readonly verdict: StepVerdict;
  readonly devices: readonly string[];
  /** Index of the start of the step in the history, from 0. */
  readonly event: number | undefined;
  /** The result of the attack, if the step has an attack. This result is independent of the verdict on the expectation. */
  readonly attack: AttackResult | undefined;
}

/** Returns the outcomes of each step. All devices with the same result have one outcome. Within a step, failed outcomes come first. */
export function stepOutcomes({ stepVerdicts, history }: Run): readonly StepOutcome[] {
  const starts = new Map<number, number>();
  for (const [event, happening] of history.entries()) {
    if (happening.kind === 'step-started' && !starts.has(happening.step)) starts.set(happening.step, event);
  }
  const attacks = [...attackResults(history).values()];
  const alike = groupBy(stepVerdicts, (one) => {
    // Replaces the name of the device, so that results that differ only in this name are equal.
    const happened = one.happened.replaceAll(one.device, '*');
    return JSON.stringify([one.step, one.line, one.kind, one.expected, happened, one.reason]);
  });
  return [...alike.values()]
    .flatMap((group) => {
      const [verdict] = group;
      if (verdict === undefined) return [];
      const devices = [...new Set(group.map(({ device }) => device))];
      const attack = attackIn(attacks, verdict.step, devices);
      return [{ verdict, devices, event: starts.get(verdict.step), attack }];
    })
    .toSorted((a, b) => a.verdict.step - b.verdict.step || grave(b) - grave(a));
}

function grave({ verdict }: StepOutcome): number {
  return verdict.kind === 'pass' ? 0 : 1;
}

/**
 * Returns the result of the attack in a step. If the verdict names devices, returns the result of their last attempt. If the verdict is
 * about the whole step, returns `breach` if any attempt or measurement in the step is a breach.
 */
function attackIn(attacks: readonly AttackEvent[], step: number, devices: readonly string[]): AttackResult | undefined {
  const inStep = attacks.filter((one) => one.step === step);
  const ofDevices = inStep.findLast(({ device }) => device !== undefined && devices.includes(device));
  if (ofDevices !== undefined) return ofDevices.result;
  if (devices.some((device) => device !== '')) return undefined;
  return inStep.find(({ result }) => result === 'breach')?.result ?? inStep.at(-1)?.result;
}
