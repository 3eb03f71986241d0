import type { Results } from '../reports/shapes/results-shape.ts';
import { isRepeatedDifferently } from './run/is-repeated-differently.ts';

/** What the command says to the shell. A gravest-first reading of a run is `exitCodeOf`. */
export const exitCodes = {
  /** Everything came out as expected. */
  asExpected: 0,
  /** At least one expectation failed, or a scenario came out differently when it was repeated. */
  expectationFailed: 1,
  /** A mistake in the arguments or in a file; nothing was played. */
  mistake: 2,
  /** Something was not shown: a part is missing, a crash, a hang, an interrupted run. */
  notShown: 3,
  /** A run is worse than its baseline. */
  regression: 4,
} as const;

/**
 * The exit code of a run that ended by itself: a failure outweighs what was not shown. With a check switched off the question is
 * another one: did anybody notice? What is missing where nobody did may have.
 */
export function exitCodeOf(results: Results): number {
  if (results.sabotage !== undefined) {
    if (results.sabotage.noticedBy.length > 0) return exitCodes.asExpected;
    return results.complete && results.troubles.length === 0 ? exitCodes.expectationFailed : exitCodes.notShown;
  }
  const { failed, unknown, skipped } = results.summary;
  if (failed > 0 || isRepeatedDifferently(results)) return exitCodes.expectationFailed;
  const isAllShown = unknown === 0 && skipped === 0 && results.complete && results.troubles.length === 0;
  return isAllShown ? exitCodes.asExpected : exitCodes.notShown;
}
