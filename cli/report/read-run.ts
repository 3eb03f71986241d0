import { join } from 'node:path';
import { failed, type Result, succeeded } from '../../core/result.ts';
import type { Run } from '../../core/run/run.ts';
import { runShape } from '../../reports/shapes/run-shape.ts';
import { readReportJson } from '../files/read-report-json.ts';

/**
 * Reads a run.json. Fails if the file is not a run.json of this version, or its path contains a link.
 *
 * @param name path below `folder`, with `/`.
 */
export function readRun(folder: string, name: string): Result<Run> {
  const path = join(folder, name);
  const read = readReportJson(folder, name.split('/'));
  if (!read.ok) return read;
  const parsed = runShape.safeParse(read.value);
  if (parsed.success) return succeeded(read.value as Run);
  const [issue] = parsed.error.issues;
  return failed(
    'wrong-file',
    `${path} is not a run.json of this version of rehearse: ${issue?.path.join('.')}: ${issue?.message}`,
  );
}
