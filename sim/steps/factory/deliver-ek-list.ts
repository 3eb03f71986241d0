import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { writeEkList } from '../shared/ek-list.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { requireTpm } from '../shared/require-tpm.ts';

const faults = ['missing', 'swapped', 'repeated', 'cut-short'] as const;

/** Delivers a list of endorsement keys. The list can contain the mistakes of a list that was written by hand. */
export const deliverEkListStep = defineStep({
  name: 'deliver-ek-list',
  summary: 'The TPM maker delivers TPMs with a list of their public endorsement keys.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet whose TPMs are in the delivery.'),
    fault: z.enum(faults).optional().meta({
      description:
        'Fault of the list. missing: a line is left out. swapped: the keys of two TPMs are exchanged. repeated: the line has the key of the next TPM. cut-short: the end of the key is missing.',
    }),
    at: reference('device', 'Device whose line has the fault. Default: the first device.').optional(),
    template: z.enum(['sdk', 'tcg-l1']).optional().meta({
      description:
        "Template from which the TPM maker creates the keys that it reads. Default: the template of the device's client.",
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
    if (place < 0) {
      throw new StepProblem(
        `the TPM of ${at ?? ''} is not in the delivery of ${name}; name one of its devices under \`at\``,
      );
    }
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
  if (mine === theirs && (fault === 'swapped' || fault === 'repeated')) {
    throw new StepProblem(`the delivery has 1 TPM, but fault: ${fault} needs 2; deliver a fleet or use another fault`);
  }
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
