import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireTpm } from '../shared/require-tpm.ts';

/** The factory reads the public half of the endorsement key, which is what gets enrolled. */
export const extractEkStep = defineStep({
  name: 'extract-ek',
  summary: 'The public endorsement key is read out of a TPM and noted for enrollment.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet with a TPM.'),
    template: z
      .enum(['sdk', 'tcg-l1'])
      .optional()
      .meta({ description: "What the tool makes the key from; the template of the device's client where absent." }),
    keep: z.boolean().default(true).meta({
      description: 'Whether the tool keeps the key at the handle where SDKs look for one.',
    }),
  }),
  uses: ['devices'],
  run: async (world, { device: name, template, keep }) => {
    for (const device of world.devices.select(name)) {
      const chip = requireTpm(device);
      const key = await chip.use((tpm) =>
        keep ? tpm.endorsementKey(template) : tpm.passingEndorsementKey(template ?? chip.ekTemplate),
      );
      device.noteEndorsementKey(key);
      world.tell('manufacturer', device.name, 'the endorsement key is extracted');
    }
  },
});
