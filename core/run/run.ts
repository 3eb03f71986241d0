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

/** One scenario variant, played: plain JSON, all that a report may draw on. */
export interface Run extends ScenarioIdentity {
  readonly schemaVersion: typeof schemaVersion;
  readonly seed: string;
  /** The check that was switched off: what came out is no finding about a design, only about who notices. */
  readonly sabotage?: CheckId;
  readonly versions: { readonly rehearsal: string; readonly node: string; readonly swtpm?: string };
  readonly fidelity: FidelitySettings;
  readonly verdict: Verdict;
  /** What is played all the same, and is not fit for production. */
  readonly warnings: readonly string[];
  readonly stepVerdicts: readonly StepVerdict[];
  readonly registrations: readonly Registration[];
  /** Production lines, in the order in which they stopped. */
  readonly lines: readonly LineReport[];
  /** What came of each defence that was measured. */
  readonly drills: readonly Drill[];
  /** What a defender could see in the books of the services at the end. */
  readonly signals: readonly SignalFinding[];
  /** Who had which secret, where and when, and which of these copies should not have been there. */
  readonly secrets: readonly FlaggedHolding[];
  /** Lines of the audit trail of each station that wrote one. */
  readonly audits: readonly { readonly station: string; readonly lines: readonly string[] }[];
  /** ISO 8601 duration from the first instant to the last. */
  readonly virtualDuration: string;
  /** Real milliseconds, for people only. */
  readonly wallMs: number;
  readonly history: readonly HistoryEvent[];
  /** The file as it was played, by which lines of verdicts count; absent where nothing was kept of it. */
  readonly text?: string;
}
