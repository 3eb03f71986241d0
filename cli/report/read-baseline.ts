import { statSync } from 'node:fs';
import { readJson } from '../files/read-json.ts';
import { readReportJson } from '../files/read-report-json.ts';
import { baselineOf } from '../../reports/baseline/baseline-of.ts';
import { type Baseline, baselineShape } from '../../reports/baseline/baseline-shape.ts';
import { resultsShape } from '../../reports/shapes/results-shape.ts';

/**
 * Reads what a run came to: a baseline file, a results.json, or a report folder with one.
 *
 * @returns a sentence where it is none of them, or where the run in it did not come to its end.
 */
export function readBaseline(path: string): Baseline | string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const found = isFolder ? readReportJson(path, ['results.json']) : readJson(path);
  if ('sentence' in found) return found.sentence;
  const baseline = baselineShape.safeParse(found.value);
  if (baseline.success) return baseline.data;
  const results = resultsShape.safeParse(found.value);
  if (!results.success) {
    return `${path} is neither a baseline nor a results.json of this version of rehearse; make one with: rehearse run --baseline FILE --update-baseline`;
  }
  if (!results.data.complete) return `the run in ${path} did not come to its end; play it again`;
  if (results.data.sabotage !== undefined) return `a check was switched off in ${path}: it says nothing of a design`;
  return baselineOf(results.data);
}
