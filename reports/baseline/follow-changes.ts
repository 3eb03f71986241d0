import type { Baseline } from './baseline-shape.ts';
import { followMoves, type Move } from './follow-moves.ts';
import { type ChangedVariant, followVariants } from './follow-variants.ts';

/** Returns the old baseline with the present IDs, and the scenarios whose ID changed because of a moved file or a changed matrix value. */
export function followChanges(
  old: Baseline,
  now: Baseline,
): { readonly old: Baseline; readonly moves: readonly Move[]; readonly changed: readonly ChangedVariant[] } {
  const { old: moved, moves } = followMoves(old, now);
  return { ...followVariants(moved, now), moves };
}
