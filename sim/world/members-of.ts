import type { DeviceSpec } from '../scenario/schema.ts';

/** Returns the device names of one entry under `devices`. For a fleet, these are `sensor-1`, `sensor-2` and so on. */
export function membersOf(name: string, { count }: Pick<DeviceSpec, 'count'>): readonly string[] {
  return count === undefined ? [name] : Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}
