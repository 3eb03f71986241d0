import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';

/** A repair shop puts a new board into a returned device: another TPM, and nothing of what was flashed but the client's words. */
export const replaceBoard = defineStep({
  name: 'replace-board',
  summary: 'A returned device gets a new board: another TPM, no credentials, no memory of its hub.',
  args: z.strictObject({ device: reference('device', 'Device or fleet.') }),
  run: async (world, { device: name }) => {
    for (const device of world.select(name)) {
      const former = device.tpm;
      if (former !== undefined) {
        await former.powerOff();
        device.tpm = world.chips.make(device.name, former.ekTemplate, 'discrete');
        device.keys.replaceChip?.(device.tpm);
        // The factory's note is on paper, and stays as it was written.
        device.tpm.extractedEndorsementKey = former.extractedEndorsementKey;
      }
      const { config } = device.flash;
      device.flash = config === undefined ? {} : { config };
      device.assigned = undefined;
      world.tell('manufacturer', device.name, 'it gets a new board');
    }
  },
});
