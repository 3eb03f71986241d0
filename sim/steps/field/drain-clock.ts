import { z } from 'zod';
import { parseInstant } from '../../../core/time/clock.ts';
import { defineStep } from '../define-step.ts';
import { instant, reference } from '../../scenario/words/words.ts';

/** The coin cell is empty: at each start the clock begins where its maker set it. */
export const drainClockStep = defineStep({
  name: 'drain-clock',
  summary: "The battery of a device's clock runs empty; from now on it starts at a fixed instant.",
  args: z.strictObject({
    device: reference('device', 'Device or fleet.'),
    wakesAt: instant('Where the clock starts.').default('1970-01-01T00:00:00Z'),
  }),
  uses: ['devices'],
  run: async (world, words) => {
    for (const device of world.devices.select(words.device)) {
      device.drainClock(parseInstant(words.wakesAt) ?? 0);
      world.tell('warehouse', device.name, `the clock's battery is empty; it will start at ${words.wakesAt}`);
    }
  },
});
