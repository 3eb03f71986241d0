import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireTpm } from '../shared/require-tpm.ts';

/** Opens sessions and leaves them open. A TPM has few session slots, and open sessions stay until the TPM loses power. */
export const crowdTpmStep = defineStep({
  name: 'crowd-tpm',
  summary: 'Another program on the device opens sessions in the TPM and never closes them.',
  args: z.strictObject({ device: reference('device', 'Device or fleet with a TPM.') }),
  uses: ['devices'],
  run: async (world, { device: name }) => {
    for (const device of world.devices.select(name)) {
      const opened = await requireTpm(device).use((tpm) => tpm.leaveSessionsOpen());
      world.tell('device', device.name, `another program leaves ${opened} sessions open in the TPM`);
    }
  },
});
