import { comparisonMarkdown } from './baseline/comparison-text.ts';
import type { Report, View } from './define-report.ts';
import { failureText } from './sentences/failure-text.ts';
import { flakyText } from './sentences/flaky-text.ts';
import { htmlText } from './markup/html-text.ts';
import { postedText, withoutMentions } from './markup/markdown-text.ts';
import { plainPaint } from './markup/paint.ts';
import type { PlayedRun, Playback } from './playback.ts';
import { tally, tallyWords } from './sentences/tally.ts';
import { titleOf } from './sentences/title-of.ts';

/** The report for a job summary, or for a comment on a pull request. Each run replaces the comment of the previous run. */
export const markdownReport: Report = {
  name: 'markdown',
  summary: 'summary and failures for a pull request',
  onScenario: () => '',
  onEnd: (playback, view) =>
    withinLimit([mark, heading(playback), ...baseline(view), ...blocks(playback, view), ...flakyOnes(playback), '']),
};

/** Leaves out whole blocks if the text is too long: a comment on GitHub may have 65,536 characters. */
function withinLimit(parts: readonly string[]): string {
  const kept: string[] = [];
  let length = 0;
  for (const part of parts) {
    length += part.length + 1;
    if (length > 60_000) return [...kept, '… and more; results.json has everything.', ''].join('\n');
    kept.push(part);
  }
  return kept.join('\n');
}

function shortened(title: string): string {
  return title.length <= 200 ? title : `${title.slice(0, 200)}…`;
}

/** The mark by which a workflow finds the comment of the previous run, to replace it. */
const mark = '<!-- rehearse: report -->';

function heading({ played, shard, sabotage, complete, troubles, seed }: Playback): string {
  const sums = tally(played);
  const parts = tallyWords.flatMap(([kind, word]) => (sums[kind] === 0 ? [] : [`${sums[kind]} ${word}`]));
  const notes = [
    ...(shard === undefined ? [] : [`shard ${shard}`]),
    ...(sabotage === undefined ? [] : [`**the check ${postedText(sabotage)} is disabled**`]),
    ...(complete ? [] : ['**incomplete: the run was stopped before its end**']),
    `seed \`${seed.replaceAll('`', '')}\``,
  ];
  const problems = troubles.map((trouble) => `> ${postedText(trouble)}\n`);
  return `## Rehearsal: ${parts.join(', ') || 'no scenarios'}\n\n${notes.join(' · ')}\n${problems.join('')}`;
}

function baseline({ comparison }: View): readonly string[] {
  return comparison === undefined
    ? []
    : ['### Against the baseline', '', ...comparisonMarkdown(comparison).split('\n')];
}

/** Returns a folded block for each failure. */
function blocks({ played }: Playback, view: View): readonly string[] {
  const open = played.filter(({ run }) => run.verdict.kind === 'fail' || run.verdict.kind === 'unknown');
  const shown = open.slice(0, shownAtMost).map((one) => block(one, view));
  const rest = open.length - shown.length;
  return rest === 0 ? shown : [...shown, `… and ${rest} more; results.json has them all.\n`];
}

const shownAtMost = 20;

function block({ run }: PlayedRun, view: View): string {
  const text = failureText(run, view, plainPaint).slice(0, 2500);
  // The fence is longer than any in the text.
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return [
    // An HTML block, in which Markdown has no escapes (CommonMark 4.6).
    `<details><summary>${run.verdict.kind}: ${htmlText(withoutMentions(shortened(titleOf(run))))}</summary>`,
    '',
    `${fence}text`,
    text,
    fence,
    '',
    `\`\`${(view.replayCommand(run) ?? '').replaceAll('`', "'")}\`\``,
    '',
    '</details>',
    '',
  ].join('\n');
}

function flakyOnes({ played }: Playback): readonly string[] {
  const flaky = played.filter((one) => one.flaky);
  if (flaky.length === 0) return [];
  return [
    '### Flaky',
    '',
    ...flaky.map((one) => `- ${postedText(titleOf(one.run))}: ${postedText(flakyText(one) ?? '')}`),
    '',
  ];
}
