import type { Drill, HistoryEvent, Registration } from '../history/events.ts';
import type { FlaggedHolding } from '../findings/flag-holdings.ts';
import type { CheckId } from '../checks.ts';
import type { FidelitySettings } from '../cloud/fidelity.ts';
import type { LineReport } from '../findings/line-report.ts';
import type { SignalFinding } from '../history/events.ts';
import type { ScenarioIdentity } from './scenario-identity.ts';
import type { StepVerdict, Verdict } from './verdict.ts';

/** Version of the shape of `run.json` and `results.json`. A change that breaks a reader raises it. */
export const schemaVersion = 1;

/** The record of one scenario variant that ran: plain JSON, and the only input of every report. */
export interface Run extends ScenarioIdentity {
  readonly schemaVersion: typeof schemaVersion;
  readonly seed: string;
  /**
   * The check that was disabled. The results of such a run do not describe a design. They only show whether the scenario detects
   * the missing check.
   */
  readonly sabotage?: CheckId;
  readonly versions: { readonly rehearsal: string; readonly node: string; readonly swtpm?: string };
  readonly fidelity: FidelitySettings;
  readonly verdict: Verdict;
  /** Design choices in this run that are not fit for production. */
  readonly warnings: readonly string[];
  readonly stepVerdicts: readonly StepVerdict[];
  readonly registrations: readonly Registration[];
  /** Production lines, in the order in which they stopped. */
  readonly lines: readonly LineReport[];
  /** The measurements of each drill. */
  readonly drills: readonly Drill[];
  /** The signals that a defender finds in the service log at the end. */
  readonly signals: readonly SignalFinding[];
  /** Every copy of every secret, with its party, place and time; flagged if it should not have been there. */
  readonly secrets: readonly FlaggedHolding[];
  /** The audit trails, by station. */
  readonly audits: readonly { readonly station: string; readonly lines: readonly string[] }[];
  /** ISO 8601 duration from the first instant to the last. */
  readonly virtualDuration: string;
  /** Duration of the run in real milliseconds, for information only. */
  readonly wallMs: number;
  readonly history: readonly HistoryEvent[];
  /** The text of the scenario file at the time of the run, to which the lines of verdicts refer; absent if it was not recorded. */
  readonly text?: string;
}
