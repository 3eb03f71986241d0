import type { DeviceSpec } from '../scenario/schema.ts';
import { isNumbers } from '../scenario/words/fleet-words.ts';

/**
 * Returns the device names of one entry under `devices`: `sensor-1`, `sensor-2`, … for a fleet, and none for a fleet with `tier: numbers`.
 */
export function membersOf(name: string, { count, fleet }: Pick<DeviceSpec, 'count' | 'fleet'>): readonly string[] {
  if (isNumbers(fleet)) return [];
  return count === undefined ? [name] : Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}
