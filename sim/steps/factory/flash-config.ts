import { z } from 'zod';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import { defineStep } from '../define-step.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { reference } from '../../scenario/words/words.ts';

/** Writes the client configuration. Without this step, a device has the right configuration. */
export const flashConfigStep = defineStep({
  name: 'flash-config',
  summary: 'The manufacturer writes an ID scope and an endpoint into a device. Both can be wrong or missing.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet.'),
    idScope: z.string().nullable().optional().meta({
      description: 'ID scope. Default: the ID scope under `cloud`. null leaves the device without configuration.',
    }),
    endpoint: z.string().default(globalEndpoint).meta({ description: 'Host name of the DPS endpoint.' }),
    tls: z.boolean().default(true).meta({
      description: 'false: the device uses MQTT without TLS on port 1883.',
    }),
  }),
  uses: ['cloud', 'devices'],
  run: async (world, words) => {
    for (const device of world.devices.select(words.device)) {
      const idScope = words.idScope === undefined ? world.cloud.idScope : words.idScope;
      const { endpoint, tls } = words;
      if (!tls && device.transport !== 'mqtt') {
        throw new StepProblem(
          `${device.name} has transport: ${device.transport}, but \`tls: false\` needs \`transport: mqtt\`; change one of them`,
        );
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
