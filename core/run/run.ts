import type { Drill, HistoryEvent, Registration } from '../history/events.ts';
import type { FlaggedHolding } from '../findings/flag-holdings.ts';
import type { CheckId } from '../checks.ts';
import type { FidelitySettings } from '../cloud/fidelity.ts';
import type { LineReport } from '../findings/line-report.ts';
import type { SignalFinding } from '../history/events.ts';
import type { ScenarioIdentity } from './scenario-identity.ts';
import type { CheckResult } from '../history/decision.ts';
import type { ActualValue } from './expectations/define-word.ts';
import type { WordName } from './expectations/index.ts';

/**
 * Version of the format of `run.json` and `results.json`. The version increases with each change after which existing
 * programs could misread the file.
 */
export const schemaVersion = 1;

/** The record of one scenario variant that ran, as plain JSON. All reports use only this record. */
export interface Run extends ScenarioIdentity {
  readonly schemaVersion: typeof schemaVersion;
  readonly seed: string;
  /**
   * The check that was disabled. The results of such a run say nothing about a design. They show only whether the scenario
   * detects that the check is missing.
   */
  readonly sabotage?: CheckId;
  /** True if a device of the run was a program of the user, so that a re-run needs `--allow-programs`. */
  readonly startsPrograms?: true;
  readonly versions: { readonly rehearsal: string; readonly node: string; readonly swtpm?: string };
  readonly fidelity: FidelitySettings;
  readonly verdict: Verdict;
  /** Design choices in this run that are not fit for production. */
  readonly warnings: readonly string[];
  readonly stepVerdicts: readonly StepVerdict[];
  readonly registrations: readonly Registration[];
  /** Reports of the production lines, in the order in which the lines stopped. */
  readonly lines: readonly LineReport[];
  /**
   * The result of each rehearsed defence against a theft: the time until the attacker lost access, and the honest devices that the defence
   * hurt.
   */
  readonly drills: readonly Drill[];
  /** The signals that a defender finds in the service log at the end. */
  readonly signals: readonly SignalFinding[];
  /**
   * Every copy of every secret, with its party, location and period. A flag marks a copy in a location that should not
   * contain the secret.
   */
  readonly secrets: readonly FlaggedHolding[];
  /** The audit trails of the stations, as lines of text. */
  readonly audits: readonly { readonly station: string; readonly lines: readonly string[] }[];
  /** Virtual time from the first to the last instant of the run, as an ISO 8601 duration. */
  readonly virtualDuration: string;
  /** Duration of the run in real milliseconds, for information only. */
  readonly wallMs: number;
  readonly history: readonly HistoryEvent[];
  /**
   * The public certificates that events refer to. Keys are SHA-256 thumbprints in hexadecimal capitals, and values are
   * the DER in base64. Absent if no event refers to a certificate, or if an earlier version recorded the run.
   */
  readonly certificates?: Readonly<Record<string, string>>;
  /**
   * The text of the scenario file at the time of the run. The line numbers of the verdicts refer to this text. Absent
   * if the run did not record the text.
   */
  readonly text?: string;
}

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
  /**
   * One entry for each word. Empty if the run has no value to compare; absent in runs that an earlier version recorded.
   */
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
