import type { Report, View } from '../define-report.ts';
import { paintOf } from '../markup/paint-of.ts';
import type { PlayedRun } from '../playback.ts';
import { ending } from './ending.ts';
import { beforeMutation } from './mutation-line.ts';
import { verdictWords } from './verdict-words.ts';
import { warningsBlock } from './warnings-block.ts';

/** The report with a character for each scenario, then the failures and the summary. */
export const dotReport: Report = {
  name: 'dot',
  summary: 'a character for each scenario',
  onSabotage: beforeMutation,
  onScenario: dot,
  onEnd: (playback, view) => `\n${warningsBlock(playback, paintOf(view))}${ending(playback, view)}`,
};

const dots = { pass: '·', fail: 'F', unknown: '?', skipped: '-', flaky: '±' } as const;

function dot({ run, flaky }: PlayedRun, view: View): string {
  const kind = flaky ? 'flaky' : run.verdict.kind;
  return paintOf(view)(verdictWords[kind].style, dots[kind]);
}
