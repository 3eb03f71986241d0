import { z } from 'zod';
import type { ConformanceReport } from '../../core/conformance/conformance-result.ts';
import { failed, succeeded, type Result } from '../../core/result.ts';
import { readJson } from '../files/read-json.ts';

const baselineShape = z.object({
  format: z.literal(1),
  results: z.array(
    z.object({ id: z.string(), verdict: z.enum(['pass', 'fail', 'informative', 'not exercised', 'skipped']) }),
  ),
});

/** Reads the results of an earlier `rehearse conform --reporter json:FILE`. */
export function readBaselineReport(path: string): Result<Pick<ConformanceReport, 'results'>> {
  const found = readJson(path);
  if (!found.ok) return found;
  const read = baselineShape.safeParse(found.value);
  return read.success
    ? succeeded(read.data as unknown as Pick<ConformanceReport, 'results'>)
    : failed(
        'wrong-file',
        `${path} is not a report of \`rehearse conform\`; create a report with: rehearse conform --reporter json:FILE -- COMMAND`,
      );
}
