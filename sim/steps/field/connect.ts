import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { attempt } from '../../devices/attempt.ts';
import { reference } from '../../scenario/words/words.ts';

export const connectStep = defineStep({
  name: 'connect',
  summary: 'A running device connects to its assigned hub, without DPS, and sends telemetry.',
  registers: true,
  args: z.strictObject({ device: reference('device', 'Device or fleet. The members take turns.') }),
  uses: ['clock', 'devices', 'network'],
  needs: () => ({ service: true }),
  run: async (world, { device: name }) => {
    await world.clock.all(world.devices.select(name).map((device) => () => attempt(device, 'connect', world.network)));
  },
});
