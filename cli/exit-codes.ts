import type { Results } from '../reports/shapes/results-shape.ts';
import { isRepeatedDifferently } from './run/is-repeated-differently.ts';

/** The exit codes of the command. `exitCodeOf` returns the most serious code that applies to a run. */
export const exitCodes = {
  /** Every result is as expected. */
  asExpected: 0,
  /** At least one expectation failed, or a repeated scenario had a different result. */
  expectationFailed: 1,
  /** The arguments or a file have a mistake; nothing was run. */
  mistake: 2,
  /** At least one scenario has no conclusive verdict, because of a missing dependency, a crash, a hang or an interrupted run. */
  inconclusive: 3,
  /** At least one result of the run is worse than in the baseline. */
  regression: 4,
} as const;

/**
 * Returns the exit code of a run that was not interrupted. A failed scenario outweighs an inconclusive one. After a run with a disabled
 * check, returns `asExpected` if a scenario detected the disabled check. Otherwise returns `expectationFailed`, or `inconclusive` if the
 * run is incomplete.
 */
export function exitCodeOf(results: Results): number {
  if (results.sabotage !== undefined) {
    if (results.sabotage.noticedBy.length > 0) return exitCodes.asExpected;
    return results.complete && results.troubles.length === 0 ? exitCodes.expectationFailed : exitCodes.inconclusive;
  }
  const { failed, unknown, skipped } = results.summary;
  if (failed > 0 || isRepeatedDifferently(results)) return exitCodes.expectationFailed;
  const isAllConclusive = unknown === 0 && skipped === 0 && results.complete && results.troubles.length === 0;
  return isAllConclusive ? exitCodes.asExpected : exitCodes.inconclusive;
}
