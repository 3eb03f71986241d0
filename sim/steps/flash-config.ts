import { z } from 'zod';
import { globalEndpoint } from '../../core/dps-wire.ts';
import { defineStep } from '../define-step.ts';
import { reference } from '../scenario/words.ts';

/** The station writes whom the device is to call. Devices have the right configuration until this step says otherwise. */
export const flashConfig = defineStep({
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
  }),
  run: async (world, words) => {
    for (const device of world.select(words.device)) {
      const { config: _former, ...flash } = device.flash;
      const idScope = words.idScope === undefined ? world.cloud.idScope : words.idScope;
      device.flash = idScope === null ? flash : { ...flash, config: { idScope, endpoint: words.endpoint } };
      world.tell(
        'manufacturer',
        device.name,
        idScope === null ? 'no configuration is flashed' : `ID scope ${idScope} at ${words.endpoint} is flashed`,
      );
    }
  },
});
