import type { Run } from '../../../../core/run/run.ts';
import { groupBy } from '../../../../core/findings/signals/group-by.ts';
import type { StepVerdict } from '../../../../core/run/verdict.ts';

/** What was expected at a step, and devices of which the same came. */
export interface StepOutcome {
  readonly verdict: StepVerdict;
  readonly devices: readonly string[];
  /** Where its step begins in the history, from 0. */
  readonly event: number | undefined;
}

/** One for each difference: ten thousand devices that did the same are told once. Those that failed come first in a step. */
export function stepOutcomes({ stepVerdicts, history }: Run): readonly StepOutcome[] {
  const starts = new Map<number, number>();
  for (const [event, happening] of history.entries()) {
    if (happening.kind === 'step-started' && !starts.has(happening.step)) starts.set(happening.step, event);
  }
  const alike = groupBy(stepVerdicts, (one) => {
    // Names of the device itself do not make a difference.
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
