import type { BaselineEntry } from './baseline-shape.ts';

/** Returns true if the run was conclusive. The outcomes of other runs cannot be compared. */
export function isConclusive({ verdict }: BaselineEntry): boolean {
  return verdict === 'pass' || verdict === 'fail';
}
