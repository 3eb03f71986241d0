import { z } from 'zod';
import { addDuration } from '../../../core/time/duration.ts';
import { defineStep } from '../define-step.ts';
import { askPatiently } from '../../pki/ca-response.ts';
import { keyMaterial } from '../../secrets/device-secrets.ts';
import { orderBatch } from '../../pki/batch.ts';
import { definition, duration, reference } from '../../scenario/words/words.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';
import type { SecretLocation } from '../../secrets/secrets-ledger.ts';
import type { World } from '../../world/world.ts';
import type { StoredBatch } from '../../world/world-pki.ts';
import { requireVendor } from '../shared/require-vendor.ts';

/** Orders certificates in advance, for a production line without a network. */
export const orderBatchStep = defineStep({
  name: 'order-batch',
  summary: 'The manufacturer orders certificates for devices from a vendor in advance and puts them into a store.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet for which the manufacturer orders certificates.'),
    from: reference('ca', 'CA of a vendor.'),
    count: z.int().min(1).optional().meta({
      description: 'Number of certificates. The first devices of the fleet get them. Default: one for each device.',
    }),
    as: definition('batch', 'Name for the store.'),
    patience: duration('Longest time that the order may take.').default('P7D'),
  }),
  uses: ['clock', 'devices', 'factory', 'pki', 'place'],
  needs: ({ from }) => ({ vendor: from }),
  run: async (world, words) => {
    const vendor = requireVendor(world.pki, words.from);
    const names: string[] = [];
    for (const device of world.devices.select(words.device).slice(0, words.count))
      names.push(await knownRegistrationId(device));
    const now = world.clock.now();
    const asked = await askPatiently(
      () => orderBatch(vendor.origin, names, vendor.authorization),
      addDuration(now, words.patience) - now,
      world.clock,
    );
    const batch = {
      certificates: asked.ok ? asked.value : new Map(),
      location: locationFor(words.as, world.place),
    };
    world.pki.batches.set(words.as, batch);
    noteKeys(world, words, batch);
    const outcome = asked.ok ? `${asked.value.size} of ${names.length} arrived` : asked.failure.sentence;
    world.tell('manufacturer', words.as, `${names.length} certificates are ordered from ${words.from}: ${outcome}`);
  },
});

/**
 * Returns the location of the ordered keys: at the station that ordered them, or at a place with the name of the batch if the step names no
 * station.
 */
function locationFor(batch: string, { station }: World['place']): SecretLocation {
  const label = `batch ${batch}`;
  return station === undefined
    ? { party: 'manufacturer', place: label, label }
    : { party: station.party, place: station.name, label };
}

/** Records that the vendor makes the keys, delivers them and then deletes them. */
function noteKeys(
  { factory: { secrets } }: Pick<World, 'factory'>,
  { from, as }: { readonly from: string; readonly as: string },
  { certificates, location }: StoredBatch,
): void {
  const keys = [...certificates].map(([name, certificate]) =>
    secrets.create('private-key', `private key of ${name}`, keyMaterial(certificate)),
  );
  const vendor = { party: 'third-party-pki', place: `CA ${from}`, label: `order ${as}` } as const;
  secrets.setContent(vendor, keys);
  secrets.setContent(location, keys);
  secrets.setContent(vendor, []);
}
