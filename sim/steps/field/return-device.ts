import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';

/** Who had the device in hand has it no longer: a key in its HSM or TPM is out of reach from here on. */
export const returnDeviceStep = defineStep({
  name: 'return-device',
  summary: 'A stolen device comes back to its owner; what was left on it stays there.',
  args: z.strictObject({ device: reference('device', 'Device or fleet that comes back.') }),
  uses: ['attack', 'devices'],
  run: async (world, { device: name }) => {
    for (const { name: device } of world.devices.select(name)) {
      world.attack.intruders.giveBack(device);
      world.tell('attacker', device, 'it is given back to its owner');
    }
  },
});
