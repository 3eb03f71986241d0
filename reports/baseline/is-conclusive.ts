import type { BaselineEntry } from './baseline-shape.ts';

/** Returns true if the run was conclusive: only then its outcomes can be compared. */
export function isConclusive({ verdict }: BaselineEntry): boolean {
  return verdict === 'pass' || verdict === 'fail';
}
