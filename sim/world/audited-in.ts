import { registrationIdsIn } from '../../core/audit/registration-ids-in.ts';
import { trailHandedOut } from './trail-handed-out.ts';
import type { World } from './world.ts';

/** Returns the registration IDs in all audit trails, including forged ones; undefined if no station wrote a trail. */
export function auditedIn(world: Pick<World, 'factory'>): readonly string[] | undefined {
  const stations = [...world.factory.trails.keys()];
  if (stations.length === 0) return undefined;
  return stations.flatMap((station) => registrationIdsIn(trailHandedOut(world, station) ?? []));
}
