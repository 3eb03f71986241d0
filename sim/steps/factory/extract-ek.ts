import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireTpm } from '../shared/require-tpm.ts';

export const extractEkStep = defineStep({
  name: 'extract-ek',
  summary: 'The manufacturer reads the public endorsement key of a TPM and records it for the enrollment.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet with a TPM.'),
    template: z.enum(['sdk', 'tcg-l1']).optional().meta({
      description: "Template from which the tool creates the key. Default: the template of the device's client.",
    }),
    keep: z.boolean().default(true).meta({
      description: 'Whether the tool stores the key at the handle at which SDKs look for one.',
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
