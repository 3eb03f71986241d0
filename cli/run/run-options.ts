import type { CheckId } from '../../core/checks.ts';
import type { Grep } from '../option-words.ts';
import type { ChosenReport } from '../report/chosen-report.ts';

/** The values of `rehearse run --open`: when the command opens the page of the run. */
export const openWhen = ['always', 'on-failure', 'never'] as const;

export type OpenWhen = (typeof openWhen)[number];

/** The options of `rehearse run`. */
export interface RunOptions {
  readonly grep?: Grep;
  readonly workers?: number;
  readonly shard?: string;
  readonly retries: number;
  readonly seed?: string;
  readonly sabotage?: CheckId;
  readonly reporter?: readonly ChosenReport[];
  readonly reportDir: string;
  /** Real seconds. */
  readonly timeLimit: number;
  /** Number of runs that the history of the report folder keeps. */
  readonly keep: number;
  readonly open?: OpenWhen;
  readonly reportUrl?: string;
  readonly repeat?: number;
  readonly untilDifferent?: true;
  readonly lastFailed?: true;
  readonly maxFailures?: number;
  readonly baseline?: string;
  readonly updateBaseline?: true;
  readonly slowerThan?: number;
  readonly watch?: true;
  readonly allowPrograms?: true;
}
