import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../scenario/words.ts';
import { chipOf } from './chip.ts';

/** The factory reads the public half of the endorsement key, which is what gets enrolled. */
export const extractEk = defineStep({
  name: 'extract-ek',
  summary: 'The public endorsement key is read out of a TPM and noted for enrollment.',
  args: z.strictObject({ device: reference('device', 'Device or fleet with a TPM.') }),
  run: async (world, { device: name }) => {
    for (const device of world.select(name)) {
      await chipOf(device).extractEndorsementKey();
      world.tell('manufacturer', device.name, 'the endorsement key is extracted');
    }
  },
});
