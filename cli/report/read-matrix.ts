import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Matrix, matrixShape } from '../../reports/matrix/matrix-shape.ts';
import { readReportJson } from '../files/read-report-json.ts';

/** The decision matrix in a report folder; undefined where the run was of none, a sentence where it cannot be read. */
export function readMatrix(folder: string): Matrix | undefined | string {
  const path = join(folder, 'matrix.json');
  if (!existsSync(path)) return undefined;
  const read = readReportJson(folder, ['matrix.json']);
  if ('sentence' in read) return read.sentence;
  const { value } = read;
  const parsed = matrixShape.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `${path} is no matrix.json of this version of rehearse: ${issue?.path.join('.')}: ${issue?.message}`;
}
