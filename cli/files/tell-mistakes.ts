import { counted } from '../../reports/markup/counted.ts';
import { oneLine, severalLines } from '../../reports/markup/plain-text.ts';
import { codeFramesOf } from '../../sim/scenario/mistakes/code-frame.ts';
import type { Mistake } from '../../sim/scenario/mistakes/mistake.ts';
import { exitCodes } from '../exit-codes.ts';
import type { LoadedFiles } from './load-files.ts';

/** Prints the first 100 mistakes on stderr, each with its position and the lines around it. Returns the exit code. */
export function tellMistakes({ mistakes, texts }: LoadedFiles): number {
  const files = new Set(mistakes.map(({ file }) => file)).size;
  const sum = `${counted(mistakes.length, 'mistake')} in ${counted(files, 'file')}`;
  const frame = codeFramesOf(texts);
  const shown = mistakes.slice(0, shownAtMost).map((mistake) => mistakeText(mistake, frame));
  const hidden = mistakes.length - shown.length;
  const more = hidden === 0 ? [] : [`… and ${hidden.toLocaleString('en')} more; \`rehearse check --json\` lists them`];
  process.stderr.write(`${[...shown, ...more, sum].join('\n\n')}\n`);
  return exitCodes.mistake;
}

/** More mistakes would move the first mistakes out of the terminal window. */
const shownAtMost = 100;

function mistakeText(
  { file, line, column, message }: Mistake,
  frame: (file: string, line: number, column: number) => string,
): string {
  const lines = frame(file, line, column);
  if (lines === '') return `${oneLine(file)}  ${oneLine(message)}`;
  return `${oneLine(file)}:${line}:${column}  ${oneLine(message)}\n${severalLines(lines)}`;
}
