import type { CheckResult } from '../history/decision.ts';
import type { ActualValue } from './expectations/define-word.ts';
import type { WordName } from './expectations/index.ts';

export type VerdictKind = 'pass' | 'fail' | 'unknown' | 'skipped';

/** The verdict on one expectation, or on a whole scenario. */
export interface Verdict {
  readonly kind: VerdictKind;
  readonly reason: string;
}

/** The comparison of one word of `expect:` with the actual value. */
export interface Assertion {
  readonly word: WordName;
  /** The value that the author wrote in the scenario file. */
  readonly expected: unknown;
  /** The actual value in the run; absent if the run has no such value. */
  readonly actual?: ActualValue;
  readonly passed: boolean;
  /** Describes the difference between `expected` and `actual`; absent if the word passed. */
  readonly difference?: string;
}

/** A verdict on one expectation, with the values that explain it. */
export interface StepVerdict extends Verdict {
  readonly step: number;
  readonly name: string;
  readonly device: string;
  /** Position of the expectation in the scenario file. `line` and `column` count from 1. */
  readonly line: number;
  readonly column: number;
  /** All expected words as text for people: `word: value, word: value`. Programs read `assertions`. */
  readonly expected: string;
  /** The actual result as text. */
  readonly happened: string;
  /** One entry for each word. Empty if no value could be compared; absent in runs that an earlier version recorded. */
  readonly assertions?: readonly Assertion[];
  /** The checks of the decision that determined the result, in order. */
  readonly trace: readonly CheckResult[];
}

const severity: Record<VerdictKind, number> = { fail: 3, unknown: 2, skipped: 1, pass: 0 };

/** Merges verdicts into one: the most severe verdict, with its reason. The result for an empty list is `unknown`. */
export function mergeVerdicts(verdicts: readonly Verdict[]): Verdict {
  const worst = verdicts.reduce<Verdict | undefined>(
    (worst, next) => (worst === undefined || severity[next.kind] > severity[worst.kind] ? next : worst),
    undefined,
  );
  return worst === undefined
    ? { kind: 'unknown', reason: 'nothing was judged' }
    : { kind: worst.kind, reason: worst.reason };
}
