import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';

/**
 * Revokes the certificates that the service issued to a device. The registry gives the device a new identifier, which hubs compare at each
 * connect. The device may register again and get a new certificate.
 */
export const revokeCertificatesStep = defineStep({
  name: 'revoke-certificates',
  summary:
    'The cloud operator revokes every certificate that DPS or a hub issued to a device. By default the device stays enabled.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet.'),
    disables: z.boolean().default(false).meta({
      description: 'Whether the device is disabled too. DPS then issues no certificate to it, and its hub refuses it.',
    }),
  }),
  uses: ['cloud', 'devices'],
  needs: () => ({ service: true }),
  run: async (world, { device: name, disables }) => {
    for (const device of world.devices.select(name)) {
      const deviceId = device.assigned?.deviceId ?? device.registrationId ?? device.name;
      if (!world.cloud.operator.revokeCertificates(deviceId, { disables }).ok) {
        throw new StepProblem(
          `no certificate was issued to ${device.name} yet; give it \`credential: issued-by-dps\` and put power-on before revoke-certificates`,
        );
      }
      const more = disables ? ', and the device is disabled' : '';
      world.tell('cloud-operator', device.name, `the certificates that were issued to it are revoked${more}`);
    }
  },
});
