import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';

/** Whatever ran on the device is gone; its key and certificate stay where they are. */
export const reinstallFirmwareStep = defineStep({
  name: 'reinstall-firmware',
  summary: 'All software of a device is installed anew, which removes what an attacker left on it.',
  args: z.strictObject({ device: reference('device', 'Device or fleet.') }),
  uses: ['attack', 'devices'],
  run: async (world, { device: name }) => {
    for (const { name: device } of world.devices.select(name)) {
      world.attack.intruders.wipe(device);
      world.tell('manufacturer', device, 'its firmware is installed anew');
    }
  },
});
