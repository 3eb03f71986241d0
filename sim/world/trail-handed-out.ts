import type { World } from './world.ts';

/**
 * Returns the lines of an audit trail as an auditor gets them. If a forged copy exists, the auditor gets that copy. Undefined if the
 * station has no trail.
 */
export function trailHandedOut({ factory }: Pick<World, 'factory'>, station: string): readonly string[] | undefined {
  return factory.rewrittenTrails.get(station) ?? factory.trails.get(station)?.copy();
}
