import { z } from 'zod';
import { attempt } from '../../devices/attempt.ts';
import { defineStep } from '../define-step.ts';
import { fleetUses, playFleet } from '../../fleet/play-fleet.ts';
import { reference } from '../../scenario/words/words.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

export const registerStep = defineStep({
  name: 'register',
  summary: 'A running device registers with DPS, even if it knows a hub, and sends telemetry.',
  registers: true,
  args: z.strictObject({ device: reference('device', 'Device or fleet. The members take turns.') }),
  fleets: true,
  uses: fleetUses,
  needs: () => ({ service: true }),
  run: async (world, { device: name }) => {
    const fleet = world.devices.fleets.get(name);
    if (fleet !== undefined) return playFleet(world, fleet, 'register');
    const attempts = world.devices.select(name).map((device) => async () => {
      if (device.namedByChip) await knownRegistrationId(device);
      await attempt(device, 'register', world.network);
    });
    await world.clock.all(attempts);
  },
});
