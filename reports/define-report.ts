import type { CheckId } from '../core/checks.ts';
import type { Run } from '../core/run/run.ts';
import type { Difference } from './baseline/compare.ts';
import type { Matrix } from './matrix/matrix-shape.ts';
import type { PlayedRun, Playback } from './playback.ts';

/** A way to tell a playback on stdout. All texts end with a line break or are empty. */
export interface Report {
  readonly name: string;
  /** One sentence for help. */
  readonly summary: string;
  /** What to print first where a check is switched off. */
  onSabotage?(check: CheckId, view: View): string;
  /** What to print when one scenario has come to its end. */
  onScenario(played: PlayedRun, view: View): string;
  /** What to print when all have. */
  onEnd(playback: Playback, view: View): string;
  /** What goes into the summary of a job of GitHub Actions. */
  onSummary?(playback: Playback, view: View): string;
}

/** What a report for people needs beside the runs; `cli` gives it. */
export interface View {
  readonly colour: boolean;
  /** The lines around a place of a scenario file with a mark under it; both count from 1. Empty where there is no text. */
  readonly codeFrame: (file: string, line: number, column: number) => string;
  /** The command that plays this run again, or the whole playback without an argument. */
  readonly replayCommand: (run?: Run) => string;
  /** What differs from the baseline, where the run is held against one. */
  readonly comparison?: readonly Difference[];
  /** The run before, for a page that shows what has changed. */
  readonly earlier?: Playback;
  /** The decision matrix that the run is of. */
  readonly matrix?: Matrix;
  /** Path of the report folder as a person would write it. */
  readonly reportFolder: string;
  /** The page of the report without its data (cli/bundle/page.mjs); absent where no page is to be made. */
  readonly page?: string;
}
