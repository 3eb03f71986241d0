import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { writeEkList } from '../shared/ek-list.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { requireTpm } from '../shared/require-tpm.ts';

const faults = ['missing', 'swapped', 'repeated', 'cut-short'] as const;

/** The maker of the chips reads each before it leaves, and sends a list along. People make lists, and mistakes in them. */
export const deliverEkListStep = defineStep({
  name: 'deliver-ek-list',
  summary: 'The maker of TPMs delivers them with a list of their public endorsement keys.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet whose TPMs are in the delivery.'),
    fault: z.enum(faults).optional().meta({
      description:
        'missing: a line is left out; swapped: two chips have changed lines; repeated: the key of the next chip stands there; cut-short: the end of the key is gone.',
    }),
    at: reference('device', 'Whose line it is; the first one where absent.').optional(),
    template: z.enum(['sdk', 'tcg-l1']).optional().meta({
      description: "What the maker makes the keys from, to read them; that of the devices' clients where absent.",
    }),
  }),
  uses: ['devices', 'factory'],
  run: async (world, { device: name, fault, at, template }) => {
    const devices = world.devices.select(name);
    const entries: (readonly [string, Buffer])[] = [];
    for (const device of devices) {
      const read = requireTpm(device).use((tpm) =>
        template === undefined ? tpm.endorsementKey() : tpm.passingEndorsementKey(template),
      );
      entries.push([device.name, await read]);
    }
    const place = at === undefined ? 0 : devices.findIndex((device) => device.name === at);
    if (place < 0) throw new StepProblem(`the TPM of ${at ?? ''} is not in this delivery`);
    const written = fault === undefined ? entries : spoil(entries, fault, place);
    world.factory.documents.set('ek-list', writeEkList(written));
    world.tell('tpm-maker', name, `${devices.length} TPMs are delivered with a list of ${written.length} keys`);
  },
});

type Entries = readonly (readonly [string, Buffer])[];

function spoil(entries: Entries, fault: (typeof faults)[number], place: number): Entries {
  const other = (place + 1) % entries.length;
  const [mine, theirs] = [entries[place], entries[other]];
  if (mine === undefined || theirs === undefined) return entries;
  if (mine === theirs && (fault === 'swapped' || fault === 'repeated'))
    throw new StepProblem(`${fault} takes two TPMs in one delivery`);
  const put = (index: number, key: Buffer): Entries =>
    entries.map((entry, each) => (each === index ? [entry[0], key] : entry));
  switch (fault) {
    case 'missing':
      return entries.filter((entry) => entry !== mine);
    case 'swapped':
      return put(place, theirs[1]).map((entry, each) => (each === other ? [entry[0], mine[1]] : entry));
    case 'repeated':
      return put(place, theirs[1]);
    case 'cut-short':
      return put(place, mine[1].subarray(0, 200));
  }
}
