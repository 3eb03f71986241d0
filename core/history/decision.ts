import type { CheckId, Judge } from '../checks.ts';
import type { Millis } from '../time/clock.ts';

/** One check of a decision, with the two values that it compared. */
export interface CheckResult {
  readonly check: CheckId;
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  /** It failed, and went for passed because it was switched off to see who notices. */
  readonly sabotaged?: true;
}

/** Why a service or a device said yes or no: the checks in the order they were made, the last one failed if it was a no. */
export interface Decision {
  readonly judge: Judge;
  /** The registration ID, or the device ID at a hub. */
  readonly subject: string;
  /** What was decided about: `registration`, `operation status`, `hub connection`, … */
  readonly about: string;
  readonly checks: readonly CheckResult[];
  /** Network address of the client that it is about; undefined where no connection brought it. */
  readonly from?: string;
  /** The certificates that it was about, from the leaf upward, as far as a path could be found. */
  readonly certificates?: readonly CertificateSpan[];
}

/** A certificate by its names and the time for which it was made. */
export interface CertificateSpan {
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Millis;
  readonly notAfter: Millis;
}

/** The check that decided against, or undefined where all passed. */
export function firstFailed(decision: Decision): CheckResult | undefined {
  return decision.checks.find((result) => !result.passed);
}

/** Whether a check failed, or would have, had it not been switched off: what has to be on record in any case. */
export function hasFailedCheck({ checks }: Decision): boolean {
  return checks.some(({ passed, sabotaged }) => !passed || sabotaged === true);
}

/**
 * Collects the checks of one decision. A failed check ends it: ask `refused` before the next. Made by `History.trace`, so
 * that every judge of a world knows which check is switched off in it.
 */
export class DecisionTrace {
  readonly #checks: CheckResult[] = [];
  #certificates: readonly CertificateSpan[] = [];
  readonly #sabotage: CheckId | undefined;
  readonly judge: Judge;
  readonly subject: string;
  readonly about: string;
  readonly #from: string | undefined;

  /**
   * @param sabotage the check that is switched off: it passes, whatever is found.
   * @param from network address of the client that it is about.
   */
  constructor(judge: Judge, subject: string, about: string, sabotage: CheckId | undefined, from?: string) {
    this.judge = judge;
    this.subject = subject;
    this.about = about;
    this.#sabotage = sabotage;
    this.#from = from;
  }

  /** Notes a check and returns whether the decision goes on: it passed, or nobody looks at it. */
  check(check: CheckId, passed: boolean, expected: string, found: string): boolean {
    const sabotaged = !passed && this.isDisabled(check);
    const noted = { check, passed: passed || sabotaged, expected, found };
    this.#checks.push(sabotaged ? { ...noted, sabotaged } : noted);
    return noted.passed;
  }

  /** Whether a check is switched off, for what stands behind it and would stop at the same thing under no name. */
  isDisabled(check: CheckId): boolean {
    return check === this.#sabotage;
  }

  /** Notes which certificates the decision is about, from the leaf upward; replaces what was noted before. */
  setCertificates(path: readonly CertificateSpan[]): void {
    this.#certificates = path.map(({ subject, issuer, notBefore, notAfter }) => ({
      subject,
      issuer,
      notBefore,
      notAfter,
    }));
  }

  decision(): Decision {
    return {
      judge: this.judge,
      subject: this.subject,
      about: this.about,
      checks: [...this.#checks],
      ...(this.#from === undefined ? {} : { from: this.#from }),
      ...(this.#certificates.length === 0 ? {} : { certificates: this.#certificates }),
    };
  }
}
