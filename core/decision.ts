import type { CheckId, Judge } from './checks.ts';

/** One check of a decision, with the two values that it compared. */
export interface CheckResult {
  readonly check: CheckId;
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
}

/** Why a service or a device said yes or no: the checks in the order they were made, the last one failed if it was a no. */
export interface Decision {
  readonly judge: Judge;
  /** The registration ID, or the device ID at a hub. */
  readonly subject: string;
  /** What was decided about: `registration`, `operation status`, `hub connection`, … */
  readonly about: string;
  readonly checks: readonly CheckResult[];
}

/** The check that decided against, or undefined where all passed. */
export function firstFailed(decision: Decision): CheckResult | undefined {
  return decision.checks.find((result) => !result.passed);
}

/**
 * Collects the checks of one decision. A failed check ends it: ask `refused` before the next.
 */
export class DecisionTrace {
  readonly #checks: CheckResult[] = [];
  readonly judge: Judge;
  readonly subject: string;
  readonly about: string;

  constructor(judge: Judge, subject: string, about: string) {
    this.judge = judge;
    this.subject = subject;
    this.about = about;
  }

  /** Notes a check and returns whether it passed. */
  check(check: CheckId, passed: boolean, expected: string, found: string): boolean {
    this.#checks.push({ check, passed, expected, found });
    return passed;
  }

  decision(): Decision {
    return { judge: this.judge, subject: this.subject, about: this.about, checks: [...this.#checks] };
  }
}
