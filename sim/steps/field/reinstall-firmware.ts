import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';

/** Reinstalls the firmware. The key and the certificate of the device stay. */
export const reinstallFirmwareStep = defineStep({
  name: 'reinstall-firmware',
  summary: 'The manufacturer reinstalls all software of a device, which removes the code of an attacker.',
  args: z.strictObject({ device: reference('device', 'Device or fleet.') }),
  uses: ['attack', 'devices'],
  run: async (world, { device: name }) => {
    for (const { name: device } of world.devices.select(name)) {
      world.attack.intruders.wipe(device);
      world.tell('manufacturer', device, 'its firmware is reinstalled');
    }
  },
});
