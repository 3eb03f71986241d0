import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { fleetUses, playFleet } from '../../fleet/play-fleet.ts';
import { reference } from '../../scenario/words/words.ts';
import { attemptWithEach } from '../shared/attempt-with-each.ts';

export const registerStep = defineStep({
  name: 'register',
  summary: 'A running device registers with DPS, even if it knows a hub, and sends telemetry.',
  registers: true,
  args: z.strictObject({ device: reference('device', 'Device or fleet. The members take turns.') }),
  fleets: true,
  uses: fleetUses,
  needs: () => ({ service: true }),
  run: (world, { device }) => {
    const fleet = world.devices.fleets.get(device);
    return fleet === undefined ? attemptWithEach(world, device, 'register') : playFleet(world, fleet, 'register');
  },
});
