import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';

/** Returns a stolen device. The attacker can then no longer use a key in its HSM or TPM. */
export const returnDeviceStep = defineStep({
  name: 'return-device',
  summary: 'An attacker gives a stolen device back to its owner. Code that the attacker installed on the device stays.',
  args: z.strictObject({ device: reference('device', 'Device or fleet that the attacker gives back.') }),
  uses: ['attack', 'devices'],
  run: async (world, { device: name }) => {
    for (const { name: device } of world.devices.select(name)) {
      world.attack.intruders.giveBack(device);
      world.tell('attacker', device, 'it is given back to its owner');
    }
  },
});
