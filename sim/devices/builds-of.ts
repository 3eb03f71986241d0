import { keyStores } from '../key-stores/index.ts';
import type { Device } from './device.ts';

/**
 * Groups devices that share one key. All devices of a fleet are one group if the key is part of the firmware; otherwise each device is a
 * separate group.
 */
export function buildsOf(devices: readonly Device[]): readonly (readonly [Device, ...Device[]])[] {
  const [first, ...others] = devices;
  if (first === undefined) return [];
  // All these devices belong to one entry of the scenario, so their key stores have the same kind.
  return keyStores[first.keyStore].isPartOfBuild ? [[first, ...others]] : devices.map((device) => [device]);
}
