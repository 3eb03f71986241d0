import { keyStores } from '../key-stores/index.ts';
import type { Device } from './device.ts';

/** Devices that get their key together: each by itself, but all whose key is part of their firmware as one build. */
export function buildsOf(devices: readonly Device[]): readonly (readonly [Device, ...Device[]])[] {
  const [first, ...others] = devices;
  if (first === undefined) return [];
  // The devices of one step are those of one entry, so they are all of one kind.
  return keyStores[first.keyStore].isPartOfBuild ? [[first, ...others]] : devices.map((device) => [device]);
}
