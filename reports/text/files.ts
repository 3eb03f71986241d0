import type { Report, View } from '../define-report.ts';
import { paintOf } from '../markup/paint-of.ts';
import { oneLine } from '../markup/plain-text.ts';
import type { PlayedRun } from '../playback.ts';
import { tally } from '../sentences/tally.ts';
import { countWords } from './count-words.ts';
import { ending } from './ending.ts';
import { beforeMutation } from './mutation-line.ts';
import { scenarioLine, scenarioLines, warningLines } from './scenario-line.ts';
import { secondsText } from './seconds-text.ts';
import { verdictWords } from './verdict-words.ts';

/** The report for the log of a CI job: a line for each file and for each failed scenario, then the failures in full and the summary. */
export const filesReport: Report = {
  name: 'files',
  summary: 'a line for each file',
  hasProgress: true,
  onSabotage: beforeMutation,
  onScenario: (played, view) => {
    if (view.fileCount === 1) return scenarioLines(played, view);
    return hasOwnLine(played) ? scenarioLine(played, view) : '';
  },
  onFile: fileLine,
  onEnd: ending,
};

/** Returns true if a failure must be visible before all scenarios of its file have ended. */
function hasOwnLine({ run, flaky }: PlayedRun): boolean {
  return run.verdict.kind === 'fail' || run.verdict.kind === 'unknown' || flaky;
}

function fileLine(file: string, played: readonly PlayedRun[], view: View): string {
  if (view.fileCount === 1) return '';
  const paint = paintOf(view);
  const sums = tally(played);
  const kind = (['fail', 'unknown', 'flaky', 'skipped'] as const).find((one) => sums[one] > 0) ?? 'pass';
  const { word, style } = verdictWords[kind];
  const wallMs = played.reduce((sum, { run }) => sum + run.wallMs, 0);
  const warnings = new Set(played.filter((one) => !hasOwnLine(one)).flatMap(({ run }) => run.warnings));
  const counts = `${countWords(played, paint)} ${paint('dim', `in ${secondsText(wallMs)}`)}`;
  return `${paint(style, word)}  ${oneLine(file)}  ${counts}\n${warningLines([...warnings], paint)}`;
}
