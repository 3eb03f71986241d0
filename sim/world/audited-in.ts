import { registrationIdsIn } from '../../core/audit/registration-ids-in.ts';
import { trailHandedOut } from './trail-handed-out.ts';
import type { World } from './world.ts';

/** Registration IDs of all audit trails as they are handed out; undefined where no station wrote one. */
export function auditedIn(world: Pick<World, 'factory'>): readonly string[] | undefined {
  const stations = [...world.factory.trails.keys()];
  if (stations.length === 0) return undefined;
  return stations.flatMap((station) => registrationIdsIn(trailHandedOut(world, station) ?? []));
}
