import type { CheckId } from '../core/checks.ts';
import type { Run } from '../core/run/run.ts';
import type { Difference } from './baseline/difference.ts';
import type { Matrix } from './matrix/matrix-shape.ts';
import type { PlayedRun, Playback } from './playback.ts';
import type { ReportLinks } from './ci/report-links.ts';
import type { PastRun } from './run-history.ts';

/**
 * A format of the results, on stdout or in a file. Each text is empty or ends with a line break; only the report `dot` returns texts
 * without a line break.
 */
export interface Report {
  readonly name: string;
  /** Short description for the help. */
  readonly summary: string;
  /** True if a terminal shows a line of progress below the texts. */
  readonly hasProgress?: true;
  /** Returns the text before a run with a disabled check. */
  onSabotage?(check: CheckId, view: View): string;
  /** Returns the text for a finished scenario. */
  onScenario(played: PlayedRun, view: View): string;
  /** Returns the text when all scenarios of a file have finished. */
  onFile?(file: string, played: readonly PlayedRun[], view: View): string;
  /** Returns the text after all scenarios. */
  onEnd(playback: Playback, view: View): string;
  /** Returns the text for the job summary of GitHub Actions. */
  onSummary?(playback: Playback, view: View): string;
}

/** Input of a report in addition to the runs. `cli` creates it. */
export interface View {
  readonly colour: boolean;
  /** Returns the lines around a position of a scenario file, with a mark; both numbers count from 1. Empty if the text is unknown. */
  readonly codeFrame: (file: string, line: number, column: number) => string;
  /** Returns the command that repeats a run, or all runs if `run` is omitted. Returns undefined if there is no such command. */
  readonly replayCommand: (run?: Run) => string | undefined;
  /** Number of scenario files of the run, if it is known. Some reports list every scenario of a single file. */
  readonly fileCount?: number;
  /** Differences from the baseline. Absent if the user named no baseline. */
  readonly comparison?: readonly Difference[];
  /** Command that accepts the differences from the baseline. */
  readonly acceptCommand?: string;
  /** Addresses for readers of a CI service. */
  readonly links?: ReportLinks;
  /** An earlier run, for a page that shows the changes. */
  readonly earlier?: Playback;
  /** Earlier runs in the same report folder, the oldest first, for trends. */
  readonly history?: readonly PastRun[];
  /** The decision matrix of the run. */
  readonly matrix?: Matrix;
  /** Name of the conformance page in the report folder, if there is one. */
  readonly conformancePage?: string;
  /** Path of the report folder, relative to the working directory. */
  readonly reportFolder: string;
  /** The report page without data (cli/bundle/page.mjs); absent if no page is written. */
  readonly page?: string;
}
