import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { attempt } from '../../devices/attempt.ts';
import { reference } from '../../scenario/words/words.ts';

/** A running device goes to the hub that it was assigned to, and nowhere else. */
export const connectStep = defineStep({
  name: 'connect',
  summary: 'A running device connects to the hub it knows and sends telemetry, without DPS.',
  registers: true,
  args: z.strictObject({ device: reference('device', 'Device or fleet; the members take turns.') }),
  uses: ['clock', 'devices', 'network'],
  needs: () => ({ service: true }),
  run: async (world, { device: name }) => {
    await world.clock.all(world.devices.select(name).map((device) => () => attempt(device, 'connect', world.network)));
  },
});
