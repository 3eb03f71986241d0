import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';

/**
 * Enables or disables a device identity at a hub. If the identity is disabled, the hub ends the service of the device at once. If only the
 * enrollment is disabled, the device stays in service.
 */
export const setHubIdentityStep = defineStep({
  name: 'set-hub-identity',
  summary: 'The cloud operator disables or enables the identity of a device at its hub.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet.'),
    status: z.enum(['enabled', 'disabled']).meta({ description: 'Whether the hub accepts the device.' }),
  }),
  uses: ['cloud', 'devices'],
  needs: () => ({ service: true }),
  run: async (world, { device: name, status }) => {
    for (const device of world.devices.select(name)) {
      const place = device.assigned;
      if (place === undefined || !world.cloud.operator.setHubIdentityStatus(place.hub, place.deviceId, status).ok) {
        throw new StepProblem(`${device.name} has no identity at a hub yet; put power-on before set-hub-identity`);
      }
      world.tell('cloud-operator', device.name, `its identity at ${place.hub} is ${status}`);
    }
  },
});
