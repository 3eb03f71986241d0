import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';

/** Replaces the board of a device. Only the client configuration stays. */
export const replaceBoardStep = defineStep({
  name: 'replace-board',
  summary: 'The manufacturer puts a new board into a returned device: another TPM, no credentials, no assigned hub.',
  args: z.strictObject({ device: reference('device', 'Device or fleet.') }),
  uses: ['devices'],
  run: async (world, { device: name }) => {
    for (const device of world.devices.select(name)) {
      const { ekTemplate } = device;
      await device.tpm?.powerOff();
      device.replaceBoard(ekTemplate && world.devices.chips.make(device.name, ekTemplate, 'discrete'));
      world.tell('manufacturer', device.name, 'it gets a new board');
    }
  },
});
