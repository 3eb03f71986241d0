import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireTpm } from '../shared/require-tpm.ts';

/** Creates the storage root key of a TPM. Only then can keys be stored under it. */
export const takeOwnershipStep = defineStep({
  name: 'take-ownership',
  summary: 'A party takes ownership of a TPM: its storage root key is created.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet with a TPM.'),
    by: z.enum(['manufacturer', 'software-installer']).default('manufacturer').meta({
      description: 'Party that takes ownership: it mounts the TPM on the board, or it installs the software.',
    }),
  }),
  uses: ['devices'],
  run: async (world, words) => {
    for (const device of world.devices.select(words.device)) {
      await requireTpm(device).use((tpm) => tpm.takeOwnership());
      world.tell(words.by, device.name, 'ownership of the TPM is taken');
    }
  },
});
