import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireTpm } from '../shared/require-tpm.ts';

/** TPM2_Clear: a new owner starts afresh, with the same endorsement key. A TPM that refuses stays as it is. */
export const clearTpmStep = defineStep({
  name: 'clear-tpm',
  summary: 'A TPM is cleared: the endorsement key stays, the storage root key and stored keys are lost.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet with a TPM.'),
    from: z.enum(['firmware', 'operating-system']).default('firmware').meta({
      description: 'Firmware may at any time; the operating system has to know the lockout password.',
    }),
    lockoutPassword: z.string().max(32).default('').meta({ description: 'What the operating system tries.' }),
  }),
  uses: ['devices'],
  run: async (world, words) => {
    for (const device of world.devices.select(words.device)) {
      requireTpm(device);
      const cleared = await device.clearTpm(words.from === 'firmware' ? undefined : words.lockoutPassword);
      world.tell(
        'device',
        device.name,
        cleared.ok ? 'the TPM is cleared' : `it is not cleared: ${cleared.failure.sentence}`,
      );
    }
  },
});
