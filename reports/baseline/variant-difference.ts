import { counted } from '../markup/counted.ts';
import type { BaselineEntry, BaselineOutcome } from './baseline-shape.ts';
import type { Difference } from './difference.ts';
import { isConclusive } from './is-conclusive.ts';
import { type OutcomeChange, outcomeChanges, outcomeText } from './outcome-changes.ts';

/**
 * Describes what a changed matrix value caused: `validity P2Y → P10M: assigned → refused (certificate expired 31 days before)`. The
 * difference is a regression if the verdict is worse, or if the verdict is the same and an outcome differs.
 *
 * @param change the changed values, such as `validity P2Y → P10M`.
 */
export function variantDifference(id: string, change: string, old: BaselineEntry, now: BaselineEntry): Difference {
  const outcomes = isConclusive(old) && isConclusive(now) ? outcomeChanges(old.outcomes, now.outcomes) : [];
  const isOtherVerdict = old.verdict !== now.verdict;
  const isRegression = isOtherVerdict ? now.verdict !== 'pass' : outcomes.length > 0;
  const devices = new Set([...old.outcomes, ...now.outcomes].map(({ device }) => device));
  const parts = [
    ...outcomesText(outcomes, devices.size > 1),
    ...(isOtherVerdict ? [`verdict ${old.verdict} → ${now.verdict}`] : []),
  ];
  return { kind: 'variant', isRegression, id, sentence: `${change}: ${parts.join('; ') || 'the outcome is the same'}` };
}

/** Describes the first changed attempt that exists in both runs, and counts the other changed attempts. */
function outcomesText(changes: readonly OutcomeChange[], isNamed: boolean): readonly string[] {
  const shown = changes.find(({ was, is }) => was !== undefined && is !== undefined) ?? changes[0];
  if (shown === undefined) return [];
  const { name, was, is } = shown;
  const rest = changes.length - 1;
  return [
    `${isNamed ? `${name.replace(/,$/, '')}: ` : ''}${changeText(was, is)}`,
    ...(rest === 0 ? [] : [`${counted(rest, 'other attempt')} ${rest === 1 ? 'differs' : 'differ'}`]),
  ];
}

function changeText(was: BaselineOutcome | undefined, is: BaselineOutcome | undefined): string {
  if (was === undefined || is === undefined || was.outcome === is.outcome) {
    return `${outcomeText(was)} → ${outcomeText(is)}`;
  }
  return `${was.outcome} → ${is.outcome}${reasonOf(is)}`;
}

/** Returns the reason of an outcome, with a blank before it; empty if the device was assigned. */
function reasonOf({ check, errorCode, why }: BaselineOutcome): string {
  if (check === undefined) return errorCode === undefined ? '' : ` (${errorCode})`;
  // "ago" would refer to the day on which the user reads the sentence, so the sentence says "before" instead.
  const values = (why ?? errorCode?.toString())?.replace(/ ago$/, ' before');
  if (values === undefined) return ` by ${check}`;
  const isExpired = check === 'certificate-valid-now' && values.startsWith('expired ');
  return isExpired ? ` (certificate ${values})` : ` by ${check} (${values})`;
}
