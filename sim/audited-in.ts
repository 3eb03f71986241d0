import type { World } from './world.ts';

/** Registration IDs of all audit trails; undefined where no station wrote one. */
export function auditedIn({ factory: { trails } }: Pick<World, 'factory'>): readonly string[] | undefined {
  if (trails.size === 0) return undefined;
  return [...trails.values()].flatMap((trail) => trail.records().map(({ registrationId }) => registrationId));
}
