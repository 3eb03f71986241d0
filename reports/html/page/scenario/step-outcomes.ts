import type { Run } from '../../../../core/run/run.ts';
import { groupBy } from '../../../../core/findings/signals/group-by.ts';
import type { StepVerdict } from '../../../../core/run/verdict.ts';

/** An expectation of a step, and the devices with the same result. */
export interface StepOutcome {
  readonly verdict: StepVerdict;
  readonly devices: readonly string[];
  /** Index of the start of the step in the history, from 0. */
  readonly event: number | undefined;
}

/** Returns one outcome for all devices with the same result. Failed ones come first in a step. */
export function stepOutcomes({ stepVerdicts, history }: Run): readonly StepOutcome[] {
  const starts = new Map<number, number>();
  for (const [event, happening] of history.entries()) {
    if (happening.kind === 'step-started' && !starts.has(happening.step)) starts.set(happening.step, event);
  }
  const alike = groupBy(stepVerdicts, (one) => {
    // Results that differ only in the name of the device are equal.
    const happened = one.happened.replaceAll(one.device, '*');
    return JSON.stringify([one.step, one.line, one.kind, one.expected, happened, one.reason]);
  });
  return [...alike.values()]
    .flatMap((group) => {
      const [verdict] = group;
      if (verdict === undefined) return [];
      const devices = [...new Set(group.map(({ device }) => device))];
      return [{ verdict, devices, event: starts.get(verdict.step) }];
    })
    .toSorted((a, b) => a.verdict.step - b.verdict.step || grave(b) - grave(a));
}

function grave({ verdict }: StepOutcome): number {
  return verdict.kind === 'pass' ? 0 : 1;
}
