import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireTpm } from '../shared/require-tpm.ts';

/** Sends TPM2_ChangeEPS (TPM 2.0 Part 3 24.5). It replaces the endorsement seed and every key that is derived from it. */
export const rollEkStep = defineStep({
  name: 'roll-ek',
  summary: 'The endorsement key of a TPM is rolled, so the TPM has a new identity.',
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
