import { acceptSentence } from './accept-sentence.ts';
import { type Difference, differenceKinds } from './difference.ts';
import { postedText } from '../markup/markdown-text.ts';
import type { Paint } from '../markup/paint.ts';
import { counted } from '../markup/counted.ts';
import { oneLine } from '../markup/plain-text.ts';

/**
 * Describes the differences from a baseline for a terminal, with a line break at the end. @param accept command that accepts the
 * differences.
 */
export function comparisonText(differences: readonly Difference[], paint: Paint, accept?: string): string {
  const line = ({ kind, id, sentence, isRegression }: Difference): string => {
    const word = paint(isRegression ? 'red' : 'yellow', differenceKinds[kind].padEnd(width));
    return `  ${word}  ${paint('bold', oneLine(id))} ${oneLine(sentence)}`;
  };
  const worse = differences.filter(({ isRegression }) => isRegression);
  const others = differences.filter(({ isRegression }) => !isRegression);
  return [
    worse.length === 0 ? paint('green', 'no regression') : paint('red', counted(worse.length, 'regression')),
    ...worse.map(line),
    ...(others.length === 0 ? [] : [counted(others.length, 'other difference')]),
    ...others.map(line),
    ...(accept === undefined || differences.length === 0 ? [] : [acceptSentence(oneLine(accept))]),
    '',
  ].join('\n');
}

/** A scenario of a comparison, described for readers who do not have the files. */
export interface ComparedScenario {
  readonly title: string;
  /** Position in the scenario file, as Markdown. */
  readonly place: string;
}

/**
 * Describes the differences as a Markdown table, or in one sentence if there are none.
 *
 * @param scenarioOf finds a scenario by its ID; undefined if it was not run.
 * @param accept command that accepts the differences.
 */
export function comparisonMarkdown(
  differences: readonly Difference[],
  scenarioOf: (id: string) => ComparedScenario | undefined = () => undefined,
  accept?: string,
): string {
  if (differences.length === 0) return 'No differences from the baseline.\n';
  const worse = differences.filter(({ isRegression }) => isRegression).length;
  const rows = differences
    .toSorted((one, other) => Number(other.isRegression) - Number(one.isRegression))
    .map(({ kind, id, sentence, isRegression }) => {
      const what = isRegression ? `**${differenceKinds[kind]}**` : differenceKinds[kind];
      const scenario = scenarioOf(id);
      const who = scenario === undefined ? postedText(id) : `${postedText(scenario.title)}<br>${scenario.place}`;
      return `| ${what} | ${who} | ${postedText(sentence)} |`;
    });
  const sum = worse === 0 ? 'No regression.' : `**${counted(worse, 'regression')}.**`;
  const end = accept === undefined ? '' : `\n${acceptSentence(`\`\`${oneLine(accept).replaceAll('`', "'")}\`\``)}\n`;
  return `${sum}\n\n| | scenario | |\n|---|---|---|\n${rows.join('\n')}\n${end}`;
}

const width = Math.max(...Object.values(differenceKinds).map((word) => word.length));
