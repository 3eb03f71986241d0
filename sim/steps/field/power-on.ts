import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { attempt } from '../../devices/attempt.ts';
import { reference } from '../../scenario/words/words.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

/** The device wakes, sets its clock as well as it can, and gets itself into service. */
export const powerOnStep = defineStep({
  name: 'power-on',
  summary: 'A device starts: it asks for the time if it can, then provisions itself and sends telemetry.',
  registers: true,
  args: z.strictObject({ device: reference('device', 'Device or fleet; the members take turns.') }),
  uses: ['clock', 'devices', 'network'],
  needs: () => ({ service: true }),
  run: async (world, { device: name }) => {
    await world.clock.all(
      world.devices.select(name).map((device) => async () => {
        device.startClock();
        await knownRegistrationId(device);
        await attempt(device, 'as-configured', world.network);
      }),
    );
  },
});
