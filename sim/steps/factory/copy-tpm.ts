import { z } from 'zod';
import type { Party } from '../../../core/history/events.ts';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import type { TpmChip } from '../../devices/tpm-chip.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { World } from '../../world/world.ts';
import { requireTpm } from '../shared/require-tpm.ts';

/** Gives two TPMs the same seeds. The cause is an image with a software TPM, or a mistake of the TPM maker. */
export const copyTpmStep = defineStep({
  name: 'copy-tpm',
  summary:
    'TPMs get the state of another TPM: by an image that contains a software TPM, or by a fault of the TPM maker.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet whose TPM becomes a copy.'),
    from: reference('device', 'Device whose TPM is copied.'),
    makersFault: z.boolean().default(false).meta({
      description:
        'true: the TPM maker made both TPMs with the same seeds. false: an image copies the TPM, which works only for a software TPM.',
    }),
  }),
  uses: ['devices', 'factory', 'place'],
  run: async (world, words) => {
    const [source] = world.devices.select(words.from);
    for (const device of world.devices.select(words.device)) {
      if (source === undefined || source === device) {
        throw new StepProblem(
          `\`device\` and \`from\` both mean ${device.name}, but a TPM cannot be a copy of itself; name another device under \`from\``,
        );
      }
      const [original, chip] = [requireTpm(source), requireTpm(device)];
      const party = words.makersFault ? 'tpm-maker' : 'software-installer';
      if (words.makersFault || (original.kind === 'software' && chip.kind === 'software')) {
        // The history first records the secrets in the image of the TPM, and then in the TPM that becomes the copy.
        notePassage(world, original, party);
        await device.overwriteTpm(original);
        world.tell(party, device.name, `its TPM holds the same seeds as the TPM of ${source.name}`);
      } else {
        world.tell(
          party,
          device.name,
          `the image contains nothing of the TPM of ${source.name}; its TPM stays unchanged`,
        );
      }
    }
  },
});

/** Records that the secrets of the original TPM were outside of a TPM for some time. */
function notePassage(
  { factory, place: { station } }: Pick<World, 'factory' | 'place'>,
  original: TpmChip,
  party: Party,
): void {
  for (const secret of factory.inDevices.inChip(original)) {
    if (secret !== undefined) factory.secrets.handOver(secret, station, { party, place: 'image of a TPM' });
  }
}
