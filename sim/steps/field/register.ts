import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { attempt } from '../../devices/attempt.ts';
import { reference } from '../../scenario/words/words.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

/** A running device registers again, for instance after a factory reset of its cloud settings. */
export const registerStep = defineStep({
  name: 'register',
  summary: 'A running device registers with DPS, also when it knows a hub, and sends telemetry.',
  registers: true,
  args: z.strictObject({ device: reference('device', 'Device or fleet; the members take turns.') }),
  uses: ['clock', 'devices', 'network'],
  needs: () => ({ service: true }),
  run: async (world, { device: name }) => {
    await world.clock.all(
      world.devices.select(name).map((device) => async () => {
        await knownRegistrationId(device);
        await attempt(device, 'register', world.network);
      }),
    );
  },
});
