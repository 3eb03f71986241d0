import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { trustedRoots } from '../../world/trusted-roots.ts';

/** New firmware by cable, at the station or at whoever deploys the device: it brings the roots to trust servers by. */
export const flashTrustStep = defineStep({
  name: 'flash-trust',
  summary: 'The roots that a device trusts servers by are flashed anew, by cable.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet.'),
    roots: z
      .array(reference('root', 'Name of one of the server roots of the cloud.'))
      .meta({ description: 'All that it trusts from now on.' }),
  }),
  uses: ['cloud', 'devices'],
  run: async (world, { device: name, roots }) => {
    for (const device of world.devices.select(name)) {
      device.trust(trustedRoots(world.cloud, roots));
      world.tell('manufacturer', device.name, `it is flashed to trust ${roots.join(', ') || 'no server'}`);
    }
  },
});
