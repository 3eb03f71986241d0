import { join } from 'node:path';
import type { Run } from '../../core/run/run.ts';
import { runShape } from '../../reports/shapes/run-shape.ts';
import { readReportJson } from '../files/read-report-json.ts';

/**
 * Reads a run.json.
 *
 * @param name below `folder`, with `/`.
 * @returns a sentence if it is none of this version, or reached by a link.
 */
export function readRun(folder: string, name: string): Run | string {
  const path = join(folder, name);
  const read = readReportJson(folder, name.split('/'));
  if ('sentence' in read) return read.sentence;
  const { value } = read;
  const parsed = runShape.safeParse(value);
  if (parsed.success) return value as Run;
  const [issue] = parsed.error.issues;
  return `${path} is no run.json of this version of rehearse: ${issue?.path.join('.')}: ${issue?.message}`;
}
