import { join } from 'node:path';
import type { Run } from '../core/run.ts';
import { runShape } from '../reports/run-shape.ts';
import { readReportFile } from './read-report-file.ts';

/**
 * Reads a run.json.
 *
 * @param name below `folder`, with `/`.
 * @returns a sentence if it is none of this version, or reached by a link.
 */
export function readRun(folder: string, name: string): Run | string {
  const path = join(folder, name);
  let value: unknown;
  try {
    value = JSON.parse(readReportFile(folder, name.split('/')).toString());
  } catch (error) {
    return `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  const parsed = runShape.safeParse(value);
  if (parsed.success) return value as Run;
  const [issue] = parsed.error.issues;
  return `${path} is no run.json of this version of rehearse: ${issue?.path.join('.')}: ${issue?.message}`;
}
