import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';

/** The cloud operator blocks a device where it already is: this is what ends its service. */
export const setHubIdentityStep = defineStep({
  name: 'set-hub-identity',
  summary: 'The identity of a device at its hub is disabled or enabled.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet.'),
    status: z.enum(['enabled', 'disabled']).meta({ description: 'Whether the hub lets it in.' }),
  }),
  uses: ['cloud', 'devices'],
  needs: () => ({ service: true }),
  run: async (world, { device: name, status }) => {
    for (const device of world.devices.select(name)) {
      const place = device.assigned;
      if (place === undefined || !world.cloud.operator.setHubIdentityStatus(place.hub, place.deviceId, status).ok) {
        throw new StepProblem(`${device.name} is at no hub yet; put power-on before set-hub-identity`);
      }
      world.tell('cloud-operator', device.name, `its identity at ${place.hub} is ${status}`);
    }
  },
});
