import type { CheckResult } from '../../core/history/decision.ts';
import type { Run, StepVerdict } from '../../core/run/run.ts';
import { expectedText } from './expected-text.ts';
import { expectationPlace, placeText } from './expectation-place.ts';
import { failedChecks } from './failed-checks.ts';
import { validityText } from './validity-text.ts';

/**
 * Explains in one sentence why a run did not pass. The sentence names the expectation with the actual values that differ, and the deciding
 * check with the values that it compared. If no check decided, it names the actual result. If no expectation failed, the sentence is the
 * reason of the verdict.
 */
export function whyText(run: Run): string {
  const verdict = openVerdict(run);
  if (verdict === undefined) return run.verdict.reason;
  const actual = verdict.device === '' ? `actual ${verdict.happened}` : `${verdict.device}: ${verdict.happened}`;
  return stepWhy(verdict) ?? `${actual}; expected ${expectedText(verdict)}`;
}

/** Explains a failed expectation by its deciding check and the values that it compared. Returns undefined if no check decided it. */
export function stepWhy(verdict: StepVerdict): string | undefined {
  const refusal = decidingCheck(verdict);
  if (refusal === undefined) return undefined;
  const device = verdict.device === '' ? '' : `${verdict.device}: `;
  return `${device}refused by ${refusal.check}: ${checkText(refusal)}. Expected ${expectedText(verdict)}`;
}

/** Returns the failed check that decided the first failed expectation of a run; undefined if no check decided it. */
export function decidingCheckOf(run: Run): CheckResult | undefined {
  const verdict = openVerdict(run);
  return verdict === undefined ? undefined : decidingCheck(verdict);
}

/** Returns the line of a scenario file to which links in reports lead: the line of the first failed expectation, or 1 if none failed. */
export function decidingLine(run: Run): number {
  return openVerdict(run)?.line ?? 1;
}

/** Describes where the first failed expectation and its step are in the scenario file; undefined if no expectation failed. */
export function decidingPlaceText(run: Run): string | undefined {
  const verdict = openVerdict(run);
  return verdict === undefined ? undefined : placeText(run.file, expectationPlace(run, verdict));
}

/**
 * Returns the step verdict with the same reason as the verdict of the run. If there is none, returns the first step verdict that did not
 * pass.
 */
export function openVerdict({ stepVerdicts, verdict }: Run): StepVerdict | undefined {
  const open = stepVerdicts.filter(({ kind }) => kind === verdict.kind && kind !== 'pass');
  return open.find(({ reason }) => reason === verdict.reason) ?? open[0];
}

function decidingCheck({ trace }: StepVerdict): CheckResult | undefined {
  return trace.find(({ passed }) => !passed);
}

/** Explains the two values of a failed check: `expired 245 days ago (valid 5 Jan 2026 to 5 Apr 2026; now 6 Dec 2026)`. */
export function checkText(result: CheckResult): string {
  const validity = validityText(result);
  if (validity !== undefined) return `${validity.state} (${validity.values})`;
  const { check, expected, found } = result;
  return `${failedChecks[check]} (expected ${shortened(expected)}; found ${shortened(found)})`;
}

function shortened(value: string): string {
  return value.length > longest ? `${value.slice(0, longest - 1)}…` : value;
}

/** Maximum number of characters of a value, so that the sentence stays readable. The event in the history has the whole value. */
const longest = 160;
