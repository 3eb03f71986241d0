import { compareBaselines } from '../../reports/baseline/compare.ts';
import type { Difference } from '../../reports/baseline/difference.ts';
import { comparisonMarkdown, comparisonText } from '../../reports/baseline/comparison-text.ts';
import { colourPaint, plainPaint } from '../../reports/markup/paint.ts';
import { exitCodes } from '../exit-codes.ts';
import { mistake } from '../mistake.ts';
import { isColourWanted } from '../process/is-colour-wanted.ts';
import type { CompareOptions } from './compare-options.ts';
import { readBaseline } from './read-baseline.ts';

/** Prints the differences between two runs and returns the exit code. */
export function compareRuns(old: string, now: string, { slowerThan, as }: CompareOptions): number {
  const former = readBaseline(old);
  if (!former.ok) return mistake(former.failure.sentence);
  const latter = readBaseline(now);
  if (!latter.ok) return mistake(latter.failure.sentence);
  const differences = compareBaselines(former.value, latter.value, { slowerThan });
  process.stdout.write(textIn[as](differences));
  return differences.some(({ isRegression }) => isRegression) ? exitCodes.regression : exitCodes.asExpected;
}

const textIn: Record<CompareOptions['as'], (differences: readonly Difference[]) => string> = {
  terminal: (differences) => comparisonText(differences, isColourWanted(process.stdout) ? colourPaint : plainPaint),
  markdown: comparisonMarkdown,
  json: (differences) => `${JSON.stringify(differences, null, 2)}\n`,
};
