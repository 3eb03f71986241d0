import { z } from 'zod';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import { defineStep } from '../define-step.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { reference } from '../../scenario/words/words.ts';

/** The station writes whom the device is to call. Devices have the right configuration until this step says otherwise. */
export const flashConfigStep = defineStep({
  name: 'flash-config',
  summary: 'ID scope and endpoint are written into a device, right or wrong, or left out.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet.'),
    idScope: z
      .string()
      .nullable()
      .optional()
      .meta({ description: "The service's own where absent; null leaves the device without configuration." }),
    endpoint: z.string().default(globalEndpoint).meta({ description: 'Host name of the provisioning service.' }),
    tls: z.boolean().default(true).meta({
      description: 'false: the device calls port 1883 and speaks MQTT there without TLS.',
    }),
  }),
  uses: ['cloud', 'devices'],
  run: async (world, words) => {
    for (const device of world.devices.select(words.device)) {
      const idScope = words.idScope === undefined ? world.cloud.idScope : words.idScope;
      const { endpoint, tls } = words;
      if (!tls && device.transport !== 'mqtt') {
        throw new StepProblem(`${device.name} speaks ${device.transport}; tls: false is for transport: mqtt`);
      }
      const config = { endpoint, ...(tls ? {} : { tls }) };
      device.writeFlash({ config: idScope === null ? undefined : { idScope, ...config } });
      world.tell(
        'manufacturer',
        device.name,
        idScope === null
          ? 'no configuration is flashed'
          : `ID scope ${idScope} at ${endpoint} is flashed${tls ? '' : ', without TLS'}`,
      );
    }
  },
});
