import type { Report } from '../define-report.ts';
import { paintOf } from '../markup/paint-of.ts';
import { failureBlocks, summary } from './ending.ts';
import { warningsBlock } from './warnings-block.ts';

/** A report of only the failures, the warnings and the summary. */
export const quietReport: Report = {
  name: 'quiet',
  summary: 'only failures and the summary',
  onScenario: () => '',
  onEnd: (playback, view) =>
    `${failureBlocks(playback, view)}${warningsBlock(playback, paintOf(view))}${summary(playback, view)}`,
};
