import type { Report } from '../define-report.ts';
import { paintOf } from '../markup/paint-of.ts';
import { failureBlocks, summary } from './ending.ts';
import { warningsBlock } from './warnings-block.ts';

/** Only failures, warnings and the summary. */
export const quietReport: Report = {
  name: 'quiet',
  summary: 'only failures and the sum',
  onScenario: () => '',
  onEnd: (playback, view) =>
    `${failureBlocks(playback, view)}${warningsBlock(playback, paintOf(view))}${summary(playback, view)}`,
};
