import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Matrix, matrixShape } from '../reports/matrix/matrix-shape.ts';
import { readReportFile } from './read-report-file.ts';

/** The decision matrix in a report folder; undefined where the run was of none, a sentence where it cannot be read. */
export function readMatrix(folder: string): Matrix | undefined | string {
  const path = join(folder, 'matrix.json');
  if (!existsSync(path)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readReportFile(folder, ['matrix.json']).toString());
  } catch (error) {
    return `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  const parsed = matrixShape.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `${path} is no matrix.json of this version of rehearse: ${issue?.path.join('.')}: ${issue?.message}`;
}
