import type { Drill, HistoryEvent, Registration } from '../history/events.ts';
import type { FlaggedHolding } from '../findings/flag-holdings.ts';
import type { CheckId } from '../checks.ts';
import type { FidelitySettings } from '../cloud/fidelity.ts';
import type { LineReport } from '../findings/line-report.ts';
import type { SignalFinding } from '../history/events.ts';
import type { ScenarioIdentity } from './scenario-identity.ts';
import type { StepVerdict, Verdict } from './verdict.ts';

/** Version of the format of `run.json` and `results.json`. It increases with each change that breaks a reader. */
export const schemaVersion = 1;

/** The record of one scenario variant that ran, as plain JSON. All reports are made from this record only. */
export interface Run extends ScenarioIdentity {
  readonly schemaVersion: typeof schemaVersion;
  readonly seed: string;
  /**
   * The check that was disabled. The results of such a run say nothing about a design. They show only whether the scenario
   * detects that the check is missing.
   */
  readonly sabotage?: CheckId;
  readonly versions: { readonly rehearsal: string; readonly node: string; readonly swtpm?: string };
  readonly fidelity: FidelitySettings;
  readonly verdict: Verdict;
  /** Design choices in this run that are not fit for production. */
  readonly warnings: readonly string[];
  readonly stepVerdicts: readonly StepVerdict[];
  readonly registrations: readonly Registration[];
  /** Reports of the production lines, in the order in which the lines stopped. */
  readonly lines: readonly LineReport[];
  /** The measurements of each drill. */
  readonly drills: readonly Drill[];
  /** The signals that a defender finds in the service log at the end. */
  readonly signals: readonly SignalFinding[];
  /** Every copy of every secret, with its party, place and time. A flag marks a copy that should not be where it is. */
  readonly secrets: readonly FlaggedHolding[];
  /** The audit trails of the stations, as lines of text. */
  readonly audits: readonly { readonly station: string; readonly lines: readonly string[] }[];
  /** Virtual time from the first to the last instant of the run, as an ISO 8601 duration. */
  readonly virtualDuration: string;
  /** Duration of the run in real milliseconds, for information only. */
  readonly wallMs: number;
  readonly history: readonly HistoryEvent[];
  /**
   * The public certificates that events refer to, each once: base64 of the DER, by SHA-256 thumbprint in hexadecimal capitals. Absent if no
   * event refers to one, or if an earlier version recorded the run.
   */
  readonly certificates?: Readonly<Record<string, string>>;
  /**
   * The text of the scenario file at the time of the run. The line numbers of the verdicts refer to it. Absent if it was not
   * recorded.
   */
  readonly text?: string;
}
