import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireTpm } from '../shared/require-tpm.ts';

/** Sends TPM2_Clear (TPM 2.0 Part 3 24.6). If the TPM refuses the command, it stays unchanged. */
export const clearTpmStep = defineStep({
  name: 'clear-tpm',
  summary: 'A TPM is cleared: the endorsement key stays, the storage root key and all stored keys are lost.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet with a TPM.'),
    from: z.enum(['firmware', 'operating-system']).default('firmware').meta({
      description:
        'Party that clears the TPM. The firmware needs no password; the operating system needs the lockout password.',
    }),
    lockoutPassword: z.string().max(32).default('').meta({ description: 'Password that the operating system tries.' }),
  }),
  uses: ['devices'],
  run: async (world, words) => {
    for (const device of world.devices.select(words.device)) {
      requireTpm(device);
      const cleared = await device.clearTpm(words.from === 'firmware' ? undefined : words.lockoutPassword);
      world.tell(
        'device',
        device.name,
        cleared.ok ? 'the TPM is cleared' : `the TPM is not cleared: ${cleared.failure.sentence}`,
      );
    }
  },
});
