import type { World } from './world.ts';

/** The lines of an audit trail as whoever asks for it gets them; undefined where the station wrote none. */
export function trailHandedOut({ factory }: Pick<World, 'factory'>, station: string): readonly string[] | undefined {
  return factory.rewrittenTrails.get(station) ?? factory.trails.get(station)?.copy();
}
