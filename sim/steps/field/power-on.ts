import { z } from 'zod';
import { attempt } from '../../devices/attempt.ts';
import { defineStep } from '../define-step.ts';
import { powerOnProgram } from '../../programs/live-as-program.ts';
import { fleetUses, playFleet } from '../../fleet/play-fleet.ts';
import { reference } from '../../scenario/words/words.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

export const powerOnStep = defineStep({
  name: 'power-on',
  summary: 'A device starts: it sets its clock if it can, provisions itself and sends telemetry.',
  registers: true,
  args: z.strictObject({ device: reference('device', 'Device or fleet. The members take turns.') }),
  fleets: true,
  programs: true,
  uses: fleetUses,
  needs: () => ({ service: true }),
  run: async (world, { device: name }) => {
    const fleet = world.devices.fleets.get(name);
    if (fleet !== undefined) return playFleet(world, fleet, 'as-configured');
    // All members start at the same virtual time.
    const starts = world.devices.select(name).map((device) => async () => {
      if (device.namedByChip) await knownRegistrationId(device);
      const program = world.devices.programs.of(device.name);
      if (program !== undefined) return powerOnProgram(program, world);
      device.startClock();
      await attempt(device, 'as-configured', world.network);
    });
    await world.clock.all(starts);
  },
});
