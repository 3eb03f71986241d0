import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { failed, type Result, succeeded } from '../../core/result.ts';
import { type Matrix, matrixShape } from '../../reports/matrix/matrix-shape.ts';
import { readReportJson } from '../files/read-report-json.ts';

/** Reads the decision matrix of a report folder. Undefined if the folder has none. */
export function readMatrix(folder: string): Result<Matrix | undefined> {
  const path = join(folder, 'matrix.json');
  if (!existsSync(path)) return succeeded(undefined);
  const read = readReportJson(folder, ['matrix.json']);
  if (!read.ok) return read;
  const parsed = matrixShape.safeParse(read.value);
  if (parsed.success) return succeeded(parsed.data);
  const [issue] = parsed.error.issues;
  return failed(
    'wrong-file',
    `${path} is not a matrix.json of this version of rehearse: ${issue?.path.join('.')}: ${issue?.message}; run \`rehearse matrix\` again`,
  );
}
