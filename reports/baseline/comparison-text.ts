import { type Difference, differenceKinds } from './difference.ts';
import { postedText } from '../markup/markdown-text.ts';
import type { Paint } from '../markup/paint.ts';
import { counted } from '../markup/counted.ts';
import { oneLine } from '../markup/plain-text.ts';

/** Describes the differences from a baseline for a terminal, with a line break at the end. */
export function comparisonText(differences: readonly Difference[], paint: Paint): string {
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
    '',
  ].join('\n');
}

/** Describes the differences as a Markdown table, or in one sentence if there are none. */
export function comparisonMarkdown(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'No differences from the baseline.\n';
  const worse = differences.filter(({ isRegression }) => isRegression).length;
  const rows = differences
    .toSorted((one, other) => Number(other.isRegression) - Number(one.isRegression))
    .map(({ kind, id, sentence, isRegression }) => {
      const what = isRegression ? `**${differenceKinds[kind]}**` : differenceKinds[kind];
      return `| ${what} | ${postedText(id)} | ${postedText(sentence)} |`;
    });
  const sum = worse === 0 ? 'No regression.' : `**${counted(worse, 'regression')}.**`;
  return `${sum}\n\n| | scenario | |\n|---|---|---|\n${rows.join('\n')}\n`;
}

const width = Math.max(...Object.values(differenceKinds).map((word) => word.length));
