import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';

/** Packages a device. The process of its TPM stops; the state of the TPM stays. */
export const packageStep = defineStep({
  name: 'package',
  summary: 'A device is switched off, packaged and sent to the warehouse.',
  args: z.strictObject({ device: reference('device', 'Device or fleet.') }),
  uses: ['devices'],
  run: async (world, { device: name }) => {
    for (const device of world.devices.select(name)) {
      await world.devices.programs.of(device.name)?.stop('asked');
      await device.tpm?.powerOff();
      world.tell('manufacturer', device.name, 'it is packaged and leaves for the warehouse');
    }
  },
});
