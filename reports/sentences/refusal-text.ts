import type { CheckResult } from '../../core/history/decision.ts';
import type { Registration } from '../../core/history/events.ts';
import type { StepVerdict } from '../../core/run/run.ts';
import { validityText } from './validity-text.ts';

/**
 * Returns a function that describes the values for which a check refused a registration: `expired 31 days ago`, or `expected an enrollment,
 * found none`. The function returns undefined if no step verdict has the decision, or if several decisions of this device by the same check
 * had different values.
 */
export function refusalTextsOf(
  stepVerdicts: readonly StepVerdict[],
): (registration: Pick<Registration, 'device' | 'check'>) => string | undefined {
  // A fleet may have thousands of verdicts and registrations, so this code reads the verdicts only once.
  const texts = new Map<string, string | undefined>();
  for (const { device, trace } of stepVerdicts) {
    const deciding = trace.find(({ passed }) => !passed);
    if (deciding === undefined) continue;
    const key = JSON.stringify([device, deciding.check]);
    const text = valuesText(deciding);
    texts.set(key, texts.has(key) && texts.get(key) !== text ? undefined : text);
  }
  return ({ device, check }) => (check === undefined ? undefined : texts.get(JSON.stringify([device, check])));
}

function valuesText(result: CheckResult): string {
  const { expected, found } = result;
  return validityText(result)?.state ?? `expected ${expected}, found ${found}`;
}
