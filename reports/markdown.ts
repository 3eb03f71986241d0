import type { Run } from '../core/run/run.ts';
import { type ComparedScenario, comparisonMarkdown } from './baseline/comparison-text.ts';
import type { Report, View } from './define-report.ts';
import { displayedTitle } from './sentences/displayed-title.ts';
import { failureText } from './sentences/failure-text.ts';
import { flakyText } from './sentences/flaky-text.ts';
import { htmlText } from './markup/html-text.ts';
import { postedText, webLink, withoutMentions } from './markup/markdown-text.ts';
import { plainPaint } from './markup/paint.ts';
import { oneLine } from './markup/plain-text.ts';
import type { PlayedRun, Playback } from './playback.ts';
import { tally, tallyWords } from './sentences/tally.ts';
import { titleOf } from './sentences/title-of.ts';
import { decidingLine, whyText } from './sentences/why-text.ts';
import { secondsText } from './text/seconds-text.ts';

/** The report for a job summary, or for a comment on a pull request. Each run replaces the comment of the previous run. */
export const markdownReport: Report = {
  name: 'markdown',
  summary: 'summary and failures for a pull request',
  onScenario: () => '',
  onEnd: (playback, view) =>
    withinLimit([
      mark,
      heading(playback, view),
      ...baseline(playback, view),
      ...blocks(playback, view),
      ...flakyOnes(playback),
      '',
    ]),
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

function heading({ played, shard, sabotage, complete, troubles, seed, wallMs }: Playback, { links }: View): string {
  const sums = tally(played);
  const parts = tallyWords.flatMap(([kind, word]) => (sums[kind] === 0 ? [] : [`${sums[kind]} ${word}`]));
  const notes = [
    ...(shard === undefined ? [] : [`shard ${shard}`]),
    ...(sabotage === undefined ? [] : [`**the check ${postedText(sabotage)} is disabled**`]),
    ...(complete ? [] : ['**incomplete: the run was stopped before its end**']),
    ...(links?.report === undefined ? [] : [webLink('report', links.report)]),
    ...(links?.commit === undefined ? [] : [`commit ${postedText(links.commit.slice(0, 12))}`]),
    secondsText(wallMs),
    `seed \`${seed.replaceAll('`', '')}\``,
  ];
  const problems = troubles.map((trouble) => `> ${postedText(trouble)}\n`);
  return `## Rehearsal: ${parts.join(', ') || 'no scenarios'}\n\n${notes.join(' · ')}\n${problems.join('')}`;
}

function baseline({ played }: Playback, view: View): readonly string[] {
  const { comparison, acceptCommand } = view;
  if (comparison === undefined) return [];
  const runs = new Map(played.map(({ run }) => [run.id, run]));
  const scenarioOf = (id: string): ComparedScenario | undefined => {
    const run = runs.get(id);
    return run === undefined ? undefined : { title: shortened(displayedTitle(run)), place: place(run, view) };
  };
  return ['### Against the baseline', '', ...comparisonMarkdown(comparison, scenarioOf, acceptCommand).split('\n')];
}

/**
 * Returns the position of a scenario in its file, and a link to the scenario in the report. The position is a link if the address of the
 * file is known.
 */
function place(run: Run, { links }: View): string {
  const line = decidingLine(run);
  const words = `${run.file}:${line}`;
  const [file, scenario] = [links?.line(run.file, line), links?.scenario(run.id)];
  const report = scenario === undefined ? '' : ` · ${webLink('report', scenario)}`;
  return `${file === undefined ? postedText(words) : webLink(words, file)}${report}`;
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
  // The fence of the code block has more backticks than any sequence of backticks in the text.
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return [
    // An HTML block, in which Markdown has no escapes (CommonMark 4.6).
    `<details><summary>${run.verdict.kind}: ${summaryText(titleOf(run))}: ${summaryText(whyText(run))}</summary>`,
    '',
    place(run, view),
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

/** Returns a text in a `summary` element, which is HTML. */
function summaryText(text: string): string {
  return htmlText(withoutMentions(shortened(oneLine(text))));
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
