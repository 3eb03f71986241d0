import type { Results } from '../../reports/shapes/results-shape.ts';

/** Whether a scenario of a run with `--repeat` did not come out each time as it did the first time. */
export function isRepeatedDifferently({ scenarios }: Results): boolean {
  return scenarios.some(({ repeats }) => (repeats?.differences.length ?? 0) > 0);
}
