import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { chipsAtOnce, inParallel } from '../shared/in-parallel.ts';
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
    const read = await inParallel(world.devices.select(name), chipsAtOnce, async (device) => {
      const chip = requireTpm(device);
      const key = await chip.use((tpm) =>
        keep ? tpm.endorsementKey(template) : tpm.passingEndorsementKey(template ?? chip.ekTemplate),
      );
      return { device, key };
    });
    // Records the keys in the order of the devices, and stops at the first device whose TPM failed.
    for (const end of read) {
      if (end.status === 'rejected') throw end.reason;
      end.value.device.noteEndorsementKey(end.value.key);
      world.tell('manufacturer', end.value.device.name, 'the endorsement key is extracted');
    }
  },
});
