import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireTpm } from '../shared/require-tpm.ts';

/** TPM2_ChangeEPS: the endorsement seed is replaced, and with it every key that is made from it. */
export const rollEkStep = defineStep({
  name: 'roll-ek',
  summary: 'The endorsement key of a TPM is rolled: the chip has a new identity.',
  args: z.strictObject({ device: reference('device', 'Device or fleet with a TPM.') }),
  uses: ['devices'],
  run: async (world, { device: name }) => {
    for (const device of world.devices.select(name)) {
      requireTpm(device);
      await device.replaceEndorsementSeed();
      world.tell('device', device.name, 'the endorsement key is rolled');
    }
  },
});
