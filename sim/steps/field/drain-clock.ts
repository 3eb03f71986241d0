import { z } from 'zod';
import { parseInstant } from '../../../core/time/clock.ts';
import { defineStep } from '../define-step.ts';
import { instant, reference } from '../../scenario/words/words.ts';

export const drainClockStep = defineStep({
  name: 'drain-clock',
  summary: "The battery of a device's clock runs empty. Each start then sets the clock to a fixed instant.",
  args: z.strictObject({
    device: reference('device', 'Device or fleet.'),
    wakesAt: instant('Instant to which each start sets the clock.').default('1970-01-01T00:00:00Z'),
  }),
  uses: ['devices'],
  run: async (world, words) => {
    for (const device of world.devices.select(words.device)) {
      device.drainClock(parseInstant(words.wakesAt) ?? 0);
      world.tell(
        'warehouse',
        device.name,
        `the battery of the clock is empty; each start sets the clock to ${words.wakesAt}`,
      );
    }
  },
});
