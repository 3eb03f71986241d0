import type { View } from '../define-report.ts';
import { colourPaint, type Paint, plainPaint } from '../markup/paint.ts';
import { oneLine, severalLines } from '../markup/plain-text.ts';
import { byAttestation } from './by-attestation.ts';
import { facts, reasonOf } from './facts.ts';
import { leftOutText } from './left-out-text.ts';
import type { Matrix, MatrixCell } from './matrix-shape.ts';

const axes = [
  ['store', 'keyStore', 5],
  ['factory', 'factory', 12],
  ['attack', 'attack', 15],
] as const;

/** Widths of the columns; a row has at most 100 characters. */
const widths = [6, 6, 5, 7, 10, 6, 6, 7];

/** Returns the matrix as text of at most 100 columns, except for longer names and reasons. */
export function matrixText(matrix: Matrix, view: Pick<View, 'colour' | 'reportFolder'>): string {
  const paint = view.colour ? colourPaint : plainPaint;
  const sections = byAttestation(matrix).map(
    ({ heading, cells }) =>
      `${paint('bold', heading)}\n${paint('dim', header)}\n${cells.map((cell) => rowOf(cell, paint)).join('')}\n`,
  );
  const meanings = facts.flatMap(({ heading, short = heading, meaning }) => wrapped(`${short.padEnd(10)} `, meaning));
  const left = leftOutText(matrix.leftOut).flatMap(({ what, why }) => [`  ${what}`, `    ${why}`]);
  const troubles = matrix.troubles.map((trouble) => `${paint('red', 'TROUBLE')}  ${severalLines(trouble)}\n\n`);
  return [
    ...sections,
    `${meanings.map((line) => paint('dim', line)).join('\n')}\n`,
    ...(left.length === 0 ? [] : [`\n${paint('bold', 'left out')}\n${left.join('\n')}\n`]),
    '\n',
    ...troubles,
    sumOf(matrix, paint),
    `${paint('dim', 'report')}  ${view.reportFolder}/report.html, matrix.html, matrix.md, matrix.json\n`,
    `${paint('dim', 'seed')}    ${oneLine(matrix.seed)}\n`,
  ].join('');
}

const header = `  ${[
  ...axes.map(([heading, , width]) => heading.padEnd(width)),
  ...facts.map(({ heading, short = heading }, index) => short.padEnd(widths[index] ?? 0)),
].join(' ')}`.trimEnd();

function rowOf(cell: MatrixCell, paint: Paint): string {
  const place = axes.map(([, axis, width]) => cell[axis].padEnd(width)).join(' ');
  const { measures } = cell;
  if (measures === null) {
    const word = paint(cell.verdict === 'fail' ? 'red' : 'magenta', cell.verdict.toUpperCase());
    return `  ${place} ${word}  ${oneLine(reasonOf(cell))}\n`;
  }
  const words = facts.map(({ text }, index) => text(measures).padEnd(widths[index] ?? 0)).join(' ');
  return `  ${place} ${measures.impersonated === 0 ? paint('green', words) : words}`.trimEnd() + '\n';
}

function sumOf({ cells, complete }: Matrix, paint: Paint): string {
  const shown = cells.filter(({ measures }) => measures !== null).length;
  const sum = `${shown} of ${cells.length} cells measured`;
  const incomplete = complete ? '' : paint('magenta', '  incomplete: the run was stopped before its end');
  return `${shown === cells.length ? sum : paint('magenta', sum)}${incomplete}\n`;
}

/** Breaks a text into lines of at most 100 characters, indented by the width of the label. */
function wrapped(label: string, text: string): readonly string[] {
  const lines: string[] = [];
  let line = label;
  for (const word of text.split(' ')) {
    if (line.length + word.length > 99 && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = ' '.repeat(label.length);
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
