import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { keyMaterial } from '../../secrets/device-secrets.ts';
import type { InstalledCertificate } from '../../devices/flash.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { StoredBatch, World } from '../../world/world.ts';
import { requireFileKeyStore } from '../shared/require-file-key-store.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

/** The line takes certificates out of the store. A device for which there is none leaves the line without. */
export const installFromBatchStep = defineStep({
  name: 'install-from-batch',
  summary: 'Each device gets its certificate and key out of a store that was ordered ahead.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet.'),
    batch: reference('batch', 'Store that order-batch has filled.'),
  }),
  uses: ['devices', 'factory', 'pki', 'place'],
  needs: ({ batch }) => ({ batch }),
  run: async (world, words) => {
    const batch = world.pki.batches.get(words.batch);
    if (batch === undefined) throw new StepProblem(`there is no store "${words.batch}"`);
    for (const device of world.devices.select(words.device)) {
      if (device.attestation !== 'x509') throw new StepProblem(`${device.name} attests by ${device.attestation}`);
      requireFileKeyStore(device);
      const registrationId = await knownRegistrationId(device);
      const certificate = batch.certificates.get(registrationId);
      if (certificate !== undefined) {
        notePassage(world, certificate);
        device.writeFlash({ certificate });
      }
      batch.certificates.delete(registrationId);
      noteRest(world, batch);
      const outcome = certificate === undefined ? `${words.batch} has none for it` : `installed from ${words.batch}`;
      world.tell('manufacturer', device.name, `a certificate for ${registrationId}: ${outcome}`);
    }
  },
});

function notePassage(
  { factory: { secrets }, place: { station } }: Pick<World, 'factory' | 'place'>,
  certificate: InstalledCertificate,
): void {
  const secret = secrets.find(keyMaterial(certificate));
  if (secret !== undefined) secrets.handOver(secret, station);
}

/** What is left in a store. */
function noteRest({ factory: { secrets } }: Pick<World, 'factory'>, { certificates, location }: StoredBatch): void {
  secrets.setContent(
    location,
    [...certificates.values()].map((certificate) => secrets.find(keyMaterial(certificate))),
  );
}
