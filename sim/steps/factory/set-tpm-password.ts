import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireTpm } from '../shared/require-tpm.ts';

/** TPM2_HierarchyChangeAuth: whoever sets a password and keeps it locks everybody else out of that part of the TPM. */
export const setTpmPasswordStep = defineStep({
  name: 'set-tpm-password',
  summary: 'A password is set on a hierarchy of a TPM and left there; DPS clients know of none.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet with a TPM.'),
    hierarchy: z.enum(['owner', 'endorsement', 'lockout']).meta({
      description: 'owner: to keep keys; endorsement: to use the endorsement key; lockout: to clear the TPM.',
    }),
    password: z.string().min(1).max(32).default('installer').meta({ description: 'The password.' }),
    by: z
      .enum(['manufacturer', 'software-installer', 'device'])
      .default('software-installer')
      .meta({ description: 'Who sets it; device for its operating system.' }),
  }),
  uses: ['devices'],
  run: async (world, words) => {
    for (const device of world.devices.select(words.device)) {
      await requireTpm(device).use((tpm) => tpm.setHierarchyPassword(words.hierarchy, words.password));
      world.tell(words.by, device.name, `a password is set on the ${words.hierarchy} hierarchy of the TPM`);
    }
  },
});
