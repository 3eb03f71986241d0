import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireTpm } from '../shared/require-tpm.ts';

/** Ownership of the storage hierarchy: from here on keys can be stored under the storage root key. */
export const takeOwnershipStep = defineStep({
  name: 'take-ownership',
  summary: 'Ownership of a TPM is taken: its storage root key is made.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet with a TPM.'),
    by: z
      .enum(['manufacturer', 'software-installer'])
      .default('manufacturer')
      .meta({ description: 'Who takes it: where the TPM is soldered in, or where software is installed.' }),
  }),
  uses: ['devices'],
  run: async (world, words) => {
    for (const device of world.devices.select(words.device)) {
      await requireTpm(device).use((tpm) => tpm.takeOwnership());
      world.tell(words.by, device.name, 'ownership of the TPM is taken');
    }
  },
});
