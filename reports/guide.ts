import type { Run } from '../core/run/run.ts';
import { type ChapterId, chapters, type Topic } from '../core/run/topic.ts';
import type { Report } from './define-report.ts';
import { markdownLink, markdownText } from './markup/markdown-text.ts';
import type { Playback } from './playback.ts';
import { spokenTitle } from './sentences/spoken-title.ts';
import { outcomeText } from './sentences/outcome-text.ts';

/** The practices of the guidance as decisions, each with what its scenarios showed. */
export const guideReport: Report = {
  name: 'guide',
  summary: 'Markdown: what each topic of the guidance showed',
  onScenario: () => '',
  onEnd: guideMarkdown,
};

/**
 * Text of guide.md: the same for every run in which the same came out, whatever its seed and its speed. Links to scenario
 * files start from a folder beside them, as `docs` and `rehearsal-report` are.
 */
export function guideMarkdown({ topics, played, sabotage }: Pick<Playback, 'topics' | 'played' | 'sabotage'>): string {
  if (sabotage !== undefined)
    return `No guide: the check \`${sabotage}\` was switched off, and what came of it says nothing of a design.\n`;
  const runs = played.map(({ run }) => run).toSorted((a, b) => byText(a.file, b.file));
  const isShown = ({ id }: Topic): boolean => runs.some(({ covers }) => covers.includes(id));
  const shown = topics.filter(isShown);
  const missing = topics.filter((topic) => !isShown(topic));
  const filled = (Object.keys(chapters) as ChapterId[]).filter((id) => shown.some(({ chapter }) => chapter === id));
  return [
    ...introduction,
    ...filled.map((id) => `- [${chapters[id].title}](#${anchor(chapters[id].title)}): ${chapters[id].sentence}`),
    '',
    ...filled.flatMap((id) => chapterLines(id, shown, runs)),
    ...notShown(missing),
  ].join('\n');
}

const introduction = [
  '# Guide: decisions, and what they showed',
  '',
  '<!-- Made by `npm run generate` from a run of the scenarios. Change topics.yaml or the scenarios, not this page. -->',
  '',
  'What a manufacturer decides before a device ships, topic by topic, and what came of it each way when it was rehearsed.',
  '**well** is the practice at work; **wrong** is what happens without it. Checks are those of `npx rehearse list checks`,',
  'numbers are those of the service. Play any row again with `npx rehearse run` and its file.',
  '',
];

function chapterLines(id: ChapterId, topics: readonly Topic[], runs: readonly Run[]): readonly string[] {
  const { title, sentence } = chapters[id];
  const own = topics.filter(({ chapter }) => chapter === id);
  return [`## ${title}`, '', sentence, '', ...own.flatMap((topic) => topicLines(topic, runs))];
}

function topicLines(topic: Topic, runs: readonly Run[]): readonly string[] {
  const own = runs.filter(({ covers }) => covers.includes(topic.id));
  return [
    `### ${markdownText(topic.title)}`,
    '',
    `${markdownText(topic.sentence)} (\`${topic.id}\`)`,
    '',
    '| | scenario | what came of it |',
    '|---|---|---|',
    ...own.map(
      (run) => `| ${run.shows ?? ''} | ${markdownLink(spokenTitle(run), `../${run.file}`)} | ${outcomeText(run)} |`,
    ),
    '',
    ...lessons(topic, own),
  ];
}

/** What a scenario teaches stands once, with the topic that it names first. */
function lessons(topic: Topic, runs: readonly Run[]): readonly string[] {
  const taught = runs.flatMap(({ covers, teaches }) =>
    teaches === undefined || covers[0] !== topic.id ? [] : [`- ${markdownText(teaches.trim())}`],
  );
  return taught.length === 0 ? [] : [...new Set(taught), ''];
}

function notShown(topics: readonly Topic[]): readonly string[] {
  if (topics.length === 0) return [];
  return ['## Not shown', '', ...topics.map(({ id, title }) => `- ${markdownText(title)} (\`${id}\`)`), ''];
}

/** As GitHub names the place of a heading. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(/\s/g, '-');
}

function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
