import type { Device } from './device.ts';

/** Parts of a device that its secrets come into. */
type Watched = 'flash' | 'tpm' | 'assigned';

/**
 * Tells of each change of those parts of a device, after it. A copy of the device (`{ ...device }`) is not watched: it only
 * plays the device.
 */
export function watchDevice(device: Device, watchers: Readonly<Record<Watched, (device: Device) => void>>): Device {
  watch(device, 'flash', watchers.flash);
  watch(device, 'tpm', watchers.tpm);
  watch(device, 'assigned', watchers.assigned);
  return device;
}

function watch(device: Device, part: Watched, told: (device: Device) => void): void {
  let value = device[part];
  Object.defineProperty(device, part, {
    enumerable: true,
    get: () => value,
    set: (next: Device[Watched]) => {
      value = next;
      told(device);
    },
  });
}
