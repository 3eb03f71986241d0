import { z } from 'zod';
import { attempt } from '../../devices/attempt.ts';
import type { Device } from '../../devices/device.ts';
import { defineStep } from '../define-step.ts';
import { powerOnProgram } from '../../programs/live-as-program.ts';
import { fleetUses, playFleet } from '../../fleet/play-fleet.ts';
import { reference } from '../../scenario/words/words.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';
import { chipsAtOnce, inParallel } from '../shared/in-parallel.ts';

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
    const members = world.devices.select(name);
    if (members.length > 1) await inParallel(members, chipsAtOnce, makeKeyAhead);
    const starts = members.map((device) => async () => {
      if (device.namedByChip) await knownRegistrationId(device);
      const program = world.devices.programs.of(device.name);
      if (program !== undefined) return powerOnProgram(program, world);
      device.startClock();
      await attempt(device, 'as-configured', world.network);
    });
    await world.clock.all(starts);
  },
});

/** The TPMs of a fleet make their keys at the same time, as they do in reality. The registrations that follow take turns. */
async function makeKeyAhead({ attestation, tpm, powerCut }: Device): Promise<void> {
  if (attestation === 'tpm' && powerCut === undefined) await tpm?.makeStorageRootKeyAhead();
}
