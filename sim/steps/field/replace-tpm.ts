import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { tpmKinds } from '../../devices/tpm-chip.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireTpm } from '../shared/require-tpm.ts';

export const replaceTpmStep = defineStep({
  name: 'replace-tpm',
  summary: 'The TPM of a device is replaced, with a new board or by a software TPM of the image.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet that has a TPM or has lost its TPM.'),
    kind: z.enum(tpmKinds).default('discrete').meta({ description: 'Kind of the new TPM.' }),
    by: z
      .enum(['manufacturer', 'software-installer'])
      .default('manufacturer')
      .meta({ description: 'Party that replaces the TPM.' }),
  }),
  uses: ['devices'],
  run: async (world, words) => {
    for (const device of world.devices.select(words.device)) {
      // A device that lost its TPM gets a new TPM too.
      const ekTemplate = device.ekTemplate ?? requireTpm(device).ekTemplate;
      await device.tpm?.powerOff();
      device.replaceTpm(world.devices.chips.make(device.name, ekTemplate, words.kind));
      world.tell(words.by, device.name, `its TPM is replaced by another TPM (${words.kind})`);
    }
  },
});
