import { compareBaselines, type Difference } from '../../reports/baseline/compare.ts';
import { comparisonMarkdown, comparisonText } from '../../reports/baseline/comparison-text.ts';
import { colourPaint, plainPaint } from '../../reports/markup/paint.ts';
import type { comparisonForms } from '../commands/compare.ts';
import { exitCodes } from '../exit-codes.ts';
import { isColourWanted } from '../process/is-colour-wanted.ts';
import { readBaseline } from './read-baseline.ts';

export interface CompareOptions {
  readonly slowerThan?: number;
  readonly as: (typeof comparisonForms)[number];
}

/** Prints what differs between two runs and returns the exit code. */
export function compareRuns(old: string, now: string, { slowerThan, as }: CompareOptions): number {
  const [former, latter] = [readBaseline(old), readBaseline(now)];
  for (const read of [former, latter]) {
    if (typeof read !== 'string') continue;
    process.stderr.write(`error: ${read}\n`);
    return exitCodes.mistake;
  }
  if (typeof former === 'string' || typeof latter === 'string') return exitCodes.mistake;
  const differences = compareBaselines(former, latter, { slowerThan });
  process.stdout.write(tell[as](differences));
  return differences.some(({ isRegression }) => isRegression) ? exitCodes.regression : exitCodes.asExpected;
}

const tell: Record<CompareOptions['as'], (differences: readonly Difference[]) => string> = {
  terminal: (differences) => comparisonText(differences, isColourWanted(process.stdout) ? colourPaint : plainPaint),
  markdown: comparisonMarkdown,
  json: (differences) => `${JSON.stringify(differences, null, 2)}\n`,
};
