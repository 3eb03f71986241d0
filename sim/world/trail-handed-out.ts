import type { World } from './world.ts';

/** Returns the lines of an audit trail as an auditor gets them: the forged copy if there is one. Undefined if there is no trail. */
export function trailHandedOut({ factory }: Pick<World, 'factory'>, station: string): readonly string[] | undefined {
  return factory.rewrittenTrails.get(station) ?? factory.trails.get(station)?.copy();
}
