import { z } from 'zod';
import type { Party } from '../../../core/history/events.ts';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import type { TpmChip } from '../../devices/tpm-chip.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { World } from '../../world/world.ts';
import { requireTpm } from '../shared/require-tpm.ts';

/** Two TPMs of one seed: an image was taken of a machine that had made its software TPM, or a maker made a mistake. */
export const copyTpmStep = defineStep({
  name: 'copy-tpm',
  summary: 'TPMs get the state of another: with an image that holds a software TPM, or by a fault of their maker.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet whose TPM becomes a copy.'),
    from: reference('device', 'Device whose TPM is copied.'),
    makersFault: z.boolean().default(false).meta({
      description: 'The chips were made so. Without it only a software TPM is copied; others give nothing.',
    }),
  }),
  uses: ['devices', 'factory', 'place'],
  run: async (world, words) => {
    const [source] = world.devices.select(words.from);
    for (const device of world.devices.select(words.device)) {
      if (source === undefined || source === device) throw new StepProblem('a TPM cannot be a copy of itself');
      const [original, chip] = [requireTpm(source), requireTpm(device)];
      const party = words.makersFault ? 'tpm-maker' : 'software-installer';
      if (words.makersFault || (original.kind === 'software' && chip.kind === 'software')) {
        // Outside first, then in the device: the order of the history.
        notePassage(world, original, party);
        await device.overwriteTpm(original);
        world.tell(party, device.name, `its TPM holds the same seeds as the one of ${source.name}`);
      } else {
        world.tell(party, device.name, `the image holds nothing of the TPM of ${source.name}, which keeps what it has`);
      }
    }
  },
});

/** What goes from one TPM into another was outside for a while. */
function notePassage(
  { factory, place: { station } }: Pick<World, 'factory' | 'place'>,
  original: TpmChip,
  party: Party,
): void {
  for (const secret of factory.inDevices.inChip(original)) {
    if (secret !== undefined) factory.secrets.handOver(secret, station, { party, place: 'image of a TPM' });
  }
}
