import { statSync } from 'node:fs';
import { failed, type Result, succeeded } from '../../core/result.ts';
import { readJson } from '../files/read-json.ts';
import { readReportJson } from '../files/read-report-json.ts';
import { baselineOf } from '../../reports/baseline/baseline-of.ts';
import { type Baseline, baselineShape } from '../../reports/baseline/baseline-shape.ts';
import { resultsShape } from '../../reports/shapes/results-shape.ts';

/**
 * Reads the results of a run from a baseline file, a results.json, or a report folder. Fails if the path is none of these three, or if the
 * run is incomplete or had a disabled check.
 */
export function readBaseline(path: string): Result<Baseline> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const found = isFolder ? readReportJson(path, ['results.json']) : readJson(path);
  if (!found.ok) return found;
  const baseline = baselineShape.safeParse(found.value);
  if (baseline.success) return succeeded(baseline.data);
  const results = resultsShape.safeParse(found.value);
  if (!results.success) {
    return failed(
      'wrong-file',
      `${path} is neither a baseline nor a results.json of this version of rehearse; create one with: rehearse run --baseline FILE --update-baseline`,
    );
  }
  if (!results.data.complete) return failed('incomplete', `the run in ${path} is incomplete; run it again`);
  if (results.data.sabotage !== undefined) {
    return failed('sabotage', `${path} has the results of a run with --sabotage; name a run without a disabled check`);
  }
  return succeeded(baselineOf(results.data));
}
