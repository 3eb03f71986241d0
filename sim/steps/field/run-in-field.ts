import { z } from 'zod';
import { addDuration } from '../../../core/time/duration.ts';
import { defineStep } from '../define-step.ts';
import { attempt } from '../../devices/attempt.ts';
import type { Device } from '../../devices/device.ts';
import { powerFailures, renewWhenDue } from '../../devices/renewal.ts';
import { renewalPlaces, renewalUses } from '../../world/renewal-places.ts';
import { interval, reference, timeTaken } from '../../scenario/words/words.ts';
import type { StepWorld } from '../../world/world.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

const args = z.strictObject({
  device: reference('device', 'Device or fleet.'),
  for: timeTaken('How long it lives.'),
  visits: interval('How often it goes to its hub; an hour or more.').default('P7D'),
  offline: z.boolean().default(false).meta({ description: 'Whether it has no network all the while.' }),
  powerFails: z.enum(powerFailures).optional().meta({
    description:
      'Where the power fails in the first renewal: before-answer loses the answer, while-writing spoils the place that is written to, before-proof leaves a new certificate that nobody has tried.',
  }),
});

/** A device lives on: it goes to its hub now and then, and renews its certificate when it is made to. */
export const runInFieldStep = defineStep({
  name: 'run-in-field',
  summary:
    'A device lives for a while: it visits its hub and renews its certificate when due. expect looks at the end.',
  registers: true,
  expects: 'last',
  args,
  uses: ['devices', ...renewalUses],
  run: async (world, words) => {
    await world.clock.all(world.devices.select(words.device).map((device) => () => live(device, words, world)));
  },
});

async function live(
  device: Device,
  words: z.output<typeof args>,
  world: StepWorld<(typeof renewalUses)[number]>,
): Promise<void> {
  const { clock, network } = world;
  await knownRegistrationId(device);
  device.setOffline(words.offline);
  const places = renewalPlaces(world);
  const planned = { powerFails: words.powerFails };
  const end = addDuration(clock.now(), words.for);
  for (;;) {
    const { telemetry } = await attempt(device, 'as-configured', network);
    // An attempt takes time as well: what is renewed at the end is for the next step to see.
    if (clock.now() >= end) break;
    await renewWhenDue(device, telemetry === 'accepted', places, planned);
    const now = clock.now();
    await clock.sleep(Math.min(addDuration(now, words.visits), end, device.renewal?.wakeAfter(now) ?? end) - now);
  }
  device.setOffline(false);
}
