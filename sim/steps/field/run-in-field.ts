import { z } from 'zod';
import { addDuration } from '../../../core/time/duration.ts';
import { defineStep } from '../define-step.ts';
import { attempt } from '../../devices/attempt.ts';
import type { Device } from '../../devices/device.ts';
import { QuietVisits, type LastVisitors } from '../../devices/quiet-visits.ts';
import { isRenewalDue, powerFailures, renewWhenDue } from '../../devices/renewal.ts';
import type { Network } from '../../world/network.ts';
import { renewalPlaces, renewalUses } from '../../world/renewal-places.ts';
import { interval, reference, timeTaken } from '../../scenario/words/words.ts';
import type { StepWorld } from '../../world/world.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

const args = z.strictObject({
  device: reference('device', 'Device or fleet.'),
  for: timeTaken('Time that the device runs.'),
  visits: interval('Time between two visits to its hub; an hour or more.').default('P7D'),
  offline: z.boolean().default(false).meta({ description: 'Whether the device has no network during this time.' }),
  powerFails: z.enum(powerFailures).optional().meta({
    description:
      'Moment of the first renewal at which the power fails. before-answer: the answer is lost. while-writing: the slot that is written is damaged. before-proof: the new certificate is stored and not tried yet.',
  }),
});

export const runInFieldStep = defineStep({
  name: 'run-in-field',
  summary:
    'A device runs for a time: it visits its hub and renews its certificate when due. expect is about the last visit.',
  registers: true,
  expects: 'last',
  args,
  uses: ['devices', ...renewalUses],
  run: async (world, words) => {
    const visitors: LastVisitors = new Map();
    await world.clock.all(
      world.devices.select(words.device).map((device) => async () => {
        const quiet = new QuietVisits(device, world.network, visitors);
        try {
          await live(device, words, world, quiet);
        } finally {
          quiet.flush();
        }
      }),
    );
  },
});

async function live(
  device: Device,
  words: z.output<typeof args>,
  world: StepWorld<(typeof renewalUses)[number]>,
  quiet: QuietVisits,
): Promise<void> {
  const { clock, network } = world;
  await knownRegistrationId(device);
  device.setOffline(words.offline);
  const places = renewalPlaces(world);
  const planned = { powerFails: words.powerFails };
  const end = addDuration(clock.now(), words.for);
  for (;;) {
    // The last visit is never quiet, because `expect` applies to it: its checks must be in the history.
    const isQuiet = clock.now() < end && (await quiet.visit(addDuration(clock.now(), words.visits)));
    const isAccepted = isQuiet || (await visitByWire(device, network, quiet));
    // An attempt takes virtual time too. A renewal that is due after the end of this step is left to the next step.
    if (clock.now() >= end) break;
    if (isRenewalDue(device, network)) {
      quiet.flush();
      await renewWhenDue(device, isAccepted, places, planned);
    }
    const now = clock.now();
    await clock.sleep(Math.min(addDuration(now, words.visits), end, device.renewal?.wakeAfter(now) ?? end) - now);
  }
  device.setOffline(false);
}

/** Makes one visit over a connection. Returns true if the hub accepted the device. */
async function visitByWire(device: Device, network: Network, quiet: QuietVisits): Promise<boolean> {
  quiet.flush();
  const end = await attempt(device, 'as-configured', network);
  quiet.visitedByWire(end);
  return end.telemetry === 'accepted';
}
