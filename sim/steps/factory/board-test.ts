import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';

/** Tests boards. A board that fails is scrapped, and the secrets that are already in it are scrapped with it. */
export const boardTestStep = defineStep({
  name: 'board-test',
  summary: 'A station tests boards electrically. Boards that fail are scrapped.',
  judges: true,
  args: z.strictObject({
    device: reference('device', 'Device or fleet.'),
    yield: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .meta({ description: 'Share of the boards that pass. The seed decides which.' }),
  }),
  uses: ['devices', 'factory', 'history'],
  run: async (world, words) => {
    for (const device of world.devices.select(words.device)) {
      const works = world.factory.random.fork(`board of ${device.name}`).number() < words.yield;
      const trace = world.history.trace('station', device.name, 'board test');
      const passed = trace.check('board-works', works, 'a board that works', works ? 'a board that works' : 'a defect');
      world.history.record({ kind: 'decision', ...trace.decision() });
      if (passed) continue;
      world.factory.stopped.set(device.name, { how: 'scrapped', check: 'board-works' });
      await device.tpm?.powerOff();
      world.tell('manufacturer', device.name, 'the board fails its test and is scrapped');
    }
  },
});
