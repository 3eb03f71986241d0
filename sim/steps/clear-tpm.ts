import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../scenario/words.ts';
import { chipOf } from './chip.ts';

/** TPM2_Clear: a new owner starts afresh, with the same endorsement key. */
export const clearTpm = defineStep({
  name: 'clear-tpm',
  summary: 'A TPM is cleared: the endorsement key stays, the storage root key and stored keys are lost.',
  args: z.strictObject({ device: reference('device', 'Device or fleet with a TPM.') }),
  run: async (world, { device: name }) => {
    for (const device of world.select(name)) {
      await chipOf(device).use((tpm) => tpm.clear());
      world.tell('device', device.name, 'the TPM is cleared');
    }
  },
});
