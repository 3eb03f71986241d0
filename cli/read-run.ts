import { readFileSync } from 'node:fs';
import type { Run } from '../core/run.ts';
import { runShape } from '../reports/run-shape.ts';

/** Reads a run.json. Returns a sentence where it is none of this version. */
export function readRun(path: string): Run | string {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  const parsed = runShape.safeParse(value);
  if (parsed.success) return value as Run;
  const [issue] = parsed.error.issues;
  return `${path} is no run.json of this version of rehearse: ${issue?.path.join('.')}: ${issue?.message}`;
}
