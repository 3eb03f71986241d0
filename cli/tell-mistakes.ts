import { oneLine, severalLines } from '../reports/plain-text.ts';
import { codeFrame } from '../sim/scenario/code-frame.ts';
import type { Mistake } from '../sim/scenario/scenario.ts';
import { exitCodes } from './exit-codes.ts';
import type { LoadedFiles } from './load-files.ts';

/** Tells all mistakes on stderr, each with its place and the lines around it. Returns the exit code. */
export function tellMistakes({ mistakes, texts }: LoadedFiles): number {
  const files = new Set(mistakes.map(({ file }) => file)).size;
  const sum = `${counted(mistakes.length, 'mistake')} in ${counted(files, 'file')}`;
  process.stderr.write(`${[...mistakes.map((mistake) => told(mistake, texts[mistake.file])), sum].join('\n\n')}\n`);
  return exitCodes.mistake;
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function told({ file, line, column, message }: Mistake, text: string | undefined): string {
  if (text === undefined) return `${oneLine(file)}  ${oneLine(message)}`;
  return `${oneLine(file)}:${line}:${column}  ${oneLine(message)}\n${severalLines(codeFrame(text, { line, column }))}`;
}
