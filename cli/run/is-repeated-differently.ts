import type { Results } from '../../reports/shapes/results-shape.ts';

/** Returns true if a scenario of a run with `--repeat` had different results. */
export function isRepeatedDifferently({ scenarios }: Results): boolean {
  return scenarios.some(({ repeats }) => (repeats?.differences.length ?? 0) > 0);
}
