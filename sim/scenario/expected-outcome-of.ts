import { never } from '../../core/history/events.ts';
import type { Expectation } from '../../core/run/expectation.ts';
import type { ExpectedOutcome } from '../../core/run/expected-outcome.ts';
import type { StepKind } from '../steps/define-step.ts';
import type { Step } from './scenario.ts';

/**
 * What a variant shows where its author does not say so: it goes wrong when anywhere a device is expected to be kept out, a
 * station or an auditor to find something, or an attacker to be let in; it goes well when only the opposite is expected.
 * Undefined where no expectation speaks of any of it.
 */
export function showsOf(timeline: readonly Step[], kinds: readonly StepKind[]): ExpectedOutcome | undefined {
  const hostile = new Set(kinds.filter((kind) => kind.hostile).map(({ name }) => name));
  const shown = timeline.flatMap(({ name, expect }): readonly ExpectedOutcome[] => {
    const isGranted = expect === undefined ? undefined : grants(expect.words);
    return isGranted === undefined ? [] : [isGranted === hostile.has(name) ? 'wrong' : 'well'];
  });
  return shown.includes('wrong') ? 'wrong' : shown[0];
}

/** Whether the words expect somebody to get what he wants; undefined where they say nothing about it. */
function grants(words: Expectation): boolean | undefined {
  const { assigned, refused, telemetry, done, caught = {} } = words;
  const findings = [words.overproduced, words.unaudited, words.scrappedButEnrolled, words.offTheBooks];
  const isDrill = words.outOfDps !== undefined || words.outOfHub !== undefined || words.hurt !== undefined;
  if (words.signals !== undefined) return words.signals.length === 0;
  if (isDrill) return words.outOfDps !== never && words.outOfHub !== never && (words.hurt ?? 0) === 0;
  if (words.impersonated !== undefined) return words.impersonated > 0;
  if (refused !== undefined || telemetry === 'refused' || telemetry === 'none') return false;
  if (Object.keys(caught).length > 0 || findings.some((count) => (count ?? 0) > 0)) return false;
  const isSaid = assigned !== undefined || telemetry === 'accepted' || done === true || findings.includes(0);
  return isSaid ? true : undefined;
}
