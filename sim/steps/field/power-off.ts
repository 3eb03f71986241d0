import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { disconnect } from '../../devices/stay-connected.ts';
import { reference } from '../../scenario/words/words.ts';

export const powerOffStep = defineStep({
  name: 'power-off',
  summary: 'A device is switched off.',
  args: z.strictObject({ device: reference('device', 'Device or fleet.') }),
  uses: ['devices'],
  run: async (world, { device: name }) => {
    for (const device of world.devices.select(name)) {
      await disconnect(device);
      await world.devices.programs.of(device.name)?.stop('asked');
      await device.tpm?.powerOff();
      world.tell('device', device.name, 'it is switched off');
    }
  },
});
