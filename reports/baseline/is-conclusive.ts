import type { BaselineEntry } from './baseline-shape.ts';

/** Returns true if the scenario passed or failed. The outcomes of an inconclusive or skipped scenario cannot be compared. */
export function isConclusive({ verdict }: BaselineEntry): boolean {
  return verdict === 'pass' || verdict === 'fail';
}
