import { registrationIdsIn } from '../../core/audit/registration-ids-in.ts';
import type { World } from './world.ts';

/**
 * Returns the lines of an audit trail as an auditor gets them. If a forged copy exists, the auditor gets that copy. Undefined if the
 * station has no trail.
 */
export function trailHandedOut({ factory }: Pick<World, 'factory'>, station: string): readonly string[] | undefined {
  return factory.rewrittenTrails.get(station) ?? factory.trails.get(station)?.copy();
}

/** Returns the registration IDs in all audit trails, including forged trails; undefined if no station wrote a trail. */
export function auditedIn(world: Pick<World, 'factory'>): readonly string[] | undefined {
  const stations = [...world.factory.trails.keys()];
  if (stations.length === 0) return undefined;
  return stations.flatMap((station) => registrationIdsIn(trailHandedOut(world, station) ?? []));
}
