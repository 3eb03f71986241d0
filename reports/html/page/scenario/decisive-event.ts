import { firstFailed } from '../../../../core/history/decision.ts';
import type { Run } from '../../../../core/run/run.ts';
import { decidingCheckOf } from '../../../sentences/why-text.ts';

/**
 * Returns the index of the event that is the reason why a run did not pass: the last decision with the deciding check and its values.
 * Undefined if the run passed, or if no decision has this check and these values.
 */
export function decisiveEvent(run: Run): number | undefined {
  if (run.verdict.kind === 'pass') return undefined;
  const deciding = decidingCheckOf(run);
  if (deciding === undefined) return undefined;
  const event = run.history.findLastIndex((one) => {
    const failed = one.kind === 'decision' ? firstFailed(one) : undefined;
    return failed !== undefined && failed.check === deciding.check && failed.found === deciding.found;
  });
  return event < 0 ? undefined : event;
}
