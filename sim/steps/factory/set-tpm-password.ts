import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireTpm } from '../shared/require-tpm.ts';

/** Sends TPM2_HierarchyChangeAuth (TPM 2.0 Part 3 24.8). Programs without the password can then no longer use this hierarchy. */
export const setTpmPasswordStep = defineStep({
  name: 'set-tpm-password',
  summary: 'A party sets a password on a hierarchy of a TPM and leaves it there. DPS clients have no password.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet with a TPM.'),
    hierarchy: z.enum(['owner', 'endorsement', 'lockout']).meta({
      description:
        'Hierarchy that the password protects. owner: storing keys. endorsement: using the endorsement key. lockout: clearing the TPM.',
    }),
    password: z.string().min(1).max(32).default('installer').meta({ description: 'The password.' }),
    by: z
      .enum(['manufacturer', 'software-installer', 'device'])
      .default('software-installer')
      .meta({ description: 'Party that sets the password. device: the operating system of the device.' }),
  }),
  uses: ['devices'],
  run: async (world, words) => {
    for (const device of world.devices.select(words.device)) {
      await requireTpm(device).use((tpm) => tpm.setHierarchyPassword(words.hierarchy, words.password));
      world.tell(words.by, device.name, `a password is set on the ${words.hierarchy} hierarchy of the TPM`);
    }
  },
});
