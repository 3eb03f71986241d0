import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { trustedRoots } from '../../world/trusted-roots.ts';

export const flashTrustStep = defineStep({
  name: 'flash-trust',
  summary: 'The manufacturer replaces the server roots that a device trusts, by cable.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet.'),
    roots: z
      .array(reference('root', 'Name of one of the server roots of the cloud.'))
      .meta({ description: 'All roots that the device trusts after this step.' }),
  }),
  uses: ['cloud', 'devices'],
  run: async (world, { device: name, roots }) => {
    for (const device of world.devices.select(name)) {
      device.trust(trustedRoots(world.cloud, roots));
      world.tell('manufacturer', device.name, `it is flashed to trust ${roots.join(', ') || 'no server'}`);
    }
  },
});
