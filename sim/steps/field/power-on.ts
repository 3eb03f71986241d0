import { z } from 'zod';
import { attempt } from '../../devices/attempt.ts';
import { defineStep } from '../define-step.ts';
import { fleetUses, playFleet } from '../../fleet/play-fleet.ts';
import { reference } from '../../scenario/words/words.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

export const powerOnStep = defineStep({
  name: 'power-on',
  summary: 'A device starts: it sets its clock if it can, provisions itself and sends telemetry.',
  registers: true,
  args: z.strictObject({ device: reference('device', 'Device or fleet. The members take turns.') }),
  fleets: true,
  uses: fleetUses,
  needs: () => ({ service: true }),
  run: async (world, { device: name }) => {
    const fleet = world.devices.fleets.get(name);
    if (fleet !== undefined) return playFleet(world, fleet, 'as-configured');
    // All members start at the same virtual time.
    const starts = world.devices.select(name).map((device) => async () => {
      device.startClock();
      if (device.namedByChip) await knownRegistrationId(device);
      await attempt(device, 'as-configured', world.network);
    });
    await world.clock.all(starts);
  },
});
