import { markdownLink, markdownText } from '../markup/markdown-text.ts';
import { byAttestation } from './by-attestation.ts';
import { facts, reasonOf } from './facts.ts';
import { leftOutText } from './left-out-text.ts';
import type { Matrix, MatrixCell } from './matrix-shape.ts';

/** Returns the matrix as Markdown, with one table per attestation type. Links are relative to the report folder. */
export function matrixMarkdown(matrix: Matrix): string {
  const left = leftOutText(matrix.leftOut);
  return [
    '# Decision matrix',
    '',
    'All numbers of a row are counted from the history of one run. The first number links to this run.',
    '',
    ...facts.map(({ heading, meaning }) => `- **${heading}**: ${meaning}`),
    '',
    ...(matrix.complete ? [] : ['**Incomplete**: the run was stopped before its end.', '']),
    ...byAttestation(matrix).flatMap(({ heading, cells }) => [
      `## ${markdownText(heading)}`,
      '',
      `| key store | factory | attack | ${facts.map(({ heading: column }) => column).join(' | ')} |`,
      `|---|---|---|${facts.map(() => '---').join('|')}|`,
      ...cells.map(rowOf),
      '',
    ]),
    ...(left.length === 0 ? [] : ['## Left out', '']),
    ...left.map(({ what, why }) => `- ${markdownText(what)}: ${markdownText(why)}`),
    ...(left.length === 0 ? [] : ['']),
  ].join('\n');
}

function rowOf(cell: MatrixCell): string {
  const { keyStore, factory, attack, measures, verdict, runFile } = cell;
  const linked = (text: string): string => (runFile === null ? markdownText(text) : markdownLink(text, runFile));
  const words =
    measures === null
      ? [`${linked(verdict)}: ${markdownText(reasonOf(cell))}`, ...facts.slice(1).map(() => '')]
      : facts.map(({ text }, index) => (index === 0 ? linked(text(measures)) : markdownText(text(measures))));
  return `| ${[keyStore, factory, attack, ...words].join(' | ')} |`;
}
