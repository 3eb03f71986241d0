import type { CheckResult } from '../history/decision.ts';

export type VerdictKind = 'pass' | 'fail' | 'unknown' | 'skipped';

/** What the judge says of one expectation, or of a whole scenario. */
export interface Verdict {
  readonly kind: VerdictKind;
  readonly reason: string;
}

/** A verdict on one expectation, with what a person needs to understand it. */
export interface StepVerdict extends Verdict {
  readonly step: number;
  readonly name: string;
  readonly device: string;
  /** Place of the expectation in the file; both count from 1. */
  readonly line: number;
  readonly column: number;
  readonly expected: string;
  readonly happened: string;
  /** The checks of the decision that settled it, in order. */
  readonly trace: readonly CheckResult[];
}

const severity: Record<VerdictKind, number> = { fail: 3, unknown: 2, skipped: 1, pass: 0 };

/** One verdict for many: the gravest wins, with its reason. None at all is `unknown`: nothing was shown. */
export function mergeVerdicts(verdicts: readonly Verdict[]): Verdict {
  const gravest = verdicts.reduce<Verdict | undefined>(
    (worst, next) => (worst === undefined || severity[next.kind] > severity[worst.kind] ? next : worst),
    undefined,
  );
  return gravest === undefined
    ? { kind: 'unknown', reason: 'nothing was judged' }
    : { kind: gravest.kind, reason: gravest.reason };
}
