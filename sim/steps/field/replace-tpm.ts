import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { tpmKinds } from '../../devices/tpm-chip.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireTpm } from '../shared/require-tpm.ts';

/** Another chip sits where one sat: a repair, an image with a TPM of its own, or a trick. */
export const replaceTpmStep = defineStep({
  name: 'replace-tpm',
  summary: 'Another TPM takes the place of the one of a device, as a new board or as software of the image.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet with a TPM.'),
    kind: z.enum(tpmKinds).default('discrete').meta({ description: 'How the new one is built.' }),
    by: z
      .enum(['manufacturer', 'software-installer'])
      .default('manufacturer')
      .meta({ description: 'Who replaces it.' }),
  }),
  uses: ['devices'],
  run: async (world, words) => {
    for (const device of world.devices.select(words.device)) {
      const former = requireTpm(device);
      await former.powerOff();
      device.replaceTpm(world.devices.chips.make(device.name, former.ekTemplate, words.kind));
      world.tell(words.by, device.name, `another TPM (${words.kind}) takes the place of the former one`);
    }
  },
});
