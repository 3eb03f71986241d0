import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { liveInField } from '../../devices/field/live-in-field.ts';
import type { LastVisitors } from '../../devices/field/quiet-visits.ts';
import { powerFailures } from '../../devices/renewal/renewal.ts';
import { liveAsProgram } from '../../programs/live-as-program.ts';
import { fleetUses } from '../../fleet/play-fleet.ts';
import { runFleet } from '../../fleet/run-fleet.ts';
import { renewalPlaces, renewalUses } from '../../world/renewal-places.ts';
import { interval, reference, timeTaken } from '../../scenario/words/words.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

const args = z.strictObject({
  device: reference('device', 'Device or fleet.'),
  for: timeTaken('Time that the device runs.'),
  visits: interval('Time between two connections of the device to its hub; an hour or more.').default('P7D'),
  offline: z.boolean().default(false).meta({ description: 'Whether the device has no network during this time.' }),
  powerFails: z.enum(powerFailures).optional().meta({
    description:
      'Moment of the first renewal at which the power fails. before-answer: the answer is lost. after-accepted: the hub has accepted the request with 202, and the certificate has not arrived. while-writing: the power cut damages the slot to which the device writes. before-proof: the device has stored the new certificate and not tried it yet.',
  }),
});

export const runInFieldStep = defineStep({
  name: 'run-in-field',
  summary:
    'A device runs for a time: it connects to its hub at regular intervals, and renews its certificate when due. `expect` checks the last connection.',
  registers: true,
  expects: 'last',
  args,
  fleets: { without: ['offline', 'powerFails'] },
  programs: true,
  uses: [...fleetUses, ...renewalUses],
  run: async (world, words) => {
    const fleet = world.devices.fleets.get(words.device);
    if (fleet !== undefined) return runFleet(world, fleet, words);
    const visitors: LastVisitors = new Map();
    const places = renewalPlaces(world);
    await world.clock.all(
      world.devices.select(words.device).map((device) => async () => {
        await knownRegistrationId(device);
        const program = world.devices.programs.of(device.name);
        if (program !== undefined) return liveAsProgram(program, words, world);
        await liveInField(device, words, places, visitors);
      }),
    );
  },
});
