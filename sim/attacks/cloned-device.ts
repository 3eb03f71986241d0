import type { Attack } from './define-attack.ts';

export const clonedDevice: Attack = {
  id: 'cloned-device',
  title: 'A copy of a device is online beside it',
  needs: 'The key of a device, copied in an hour in which nobody missed it.',
  does: 'Connects to the hub under the name of the device; the hub keeps one connection of each name, and ends the older.',
  seen: 'One name that connects from two places by turns, each time with 400027 for the other.',
  cleanup:
    'The identity is blocked at the hub, the enrollment is disabled, and the device gets a key that cannot be copied.',
};
