import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { writeEkList } from '../shared/ek-list.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireTpm } from '../shared/require-tpm.ts';
import { requireEkList } from '../shared/require-ek-list.ts';

/** Reads each TPM at the incoming inspection. If the list differs from a TPM, the key in the TPM is right. */
export const compareEkListStep = defineStep({
  name: 'compare-ek-list',
  judges: true,
  summary:
    'The manufacturer reads each TPM, compares it with the list of the TPM maker and corrects lines that differ.',
  args: z.strictObject({ device: reference('device', 'Device or fleet whose TPMs are in the delivery.') }),
  uses: ['devices', 'factory', 'history', 'network'],
  run: async (world, { device: name }) => {
    const keys = new Map(requireEkList(world.factory).keys);
    const wrong: { readonly device: string; readonly listed: string; readonly found: Buffer }[] = [];
    for (const device of world.devices.select(name)) {
      const found = await requireTpm(device).use((tpm) => tpm.endorsementKey());
      if (keys.get(device.name)?.equals(found) === true) continue;
      const listed = keys.has(device.name) ? 'another key' : 'no key';
      wrong.push({ device: device.name, listed, found });
    }
    const differences = wrong.map(({ listed, device }) => `${listed} for ${device}`).join(', ');
    const isRight = world.network.decide(world.history.trace('station', name, 'goods-in'), (trace) =>
      trace.check(
        'ek-list-matches',
        wrong.length === 0,
        'the right key for each TPM',
        differences || 'the right key for each TPM',
      ),
    );
    for (const { device, listed, found } of isRight ? [] : wrong) {
      world.tell(
        'manufacturer',
        device,
        `the list of the TPM maker has ${listed} for its TPM; the manufacturer corrects the list`,
      );
      keys.set(device, found);
    }
    world.factory.documents.set('ek-list', writeEkList(keys));
  },
});
