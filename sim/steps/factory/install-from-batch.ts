import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { keyMaterial } from '../../secrets/device-secrets.ts';
import type { InstalledCertificate } from '../../devices/flash.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { World } from '../../world/world.ts';
import type { StoredBatch } from '../../world/world-pki.ts';
import { requireFileKeyStore } from '../shared/require-file-key-store.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

/**
 * Installs certificates that a vendor delivered in advance. A device for which the vendor delivered no certificate leaves the production
 * line without one.
 */
export const installFromBatchStep = defineStep({
  name: 'install-from-batch',
  summary: 'The manufacturer installs a certificate and its key from a store that was ordered in advance.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet.'),
    batch: reference('batch', 'Store of an order-batch step.'),
  }),
  uses: ['devices', 'factory', 'pki', 'place'],
  needs: ({ batch }) => ({ batch }),
  run: async (world, words) => {
    const batch = world.pki.batches.get(words.batch);
    if (batch === undefined)
      throw new StepProblem(`there is no store "${words.batch}" yet; put order-batch before this step`);
    for (const device of world.devices.select(words.device)) {
      if (device.attestation !== 'x509') {
        throw new StepProblem(
          `${device.name} attests by ${device.attestation}, but a certificate needs \`attestation: x509\`; name another device`,
        );
      }
      requireFileKeyStore(device);
      const registrationId = await knownRegistrationId(device);
      const certificate = batch.certificates.get(registrationId);
      if (certificate !== undefined) {
        notePassage(world, certificate);
        device.writeFlash({ certificate });
      }
      batch.certificates.delete(registrationId);
      noteRest(world, batch);
      const outcome = certificate === undefined ? `${words.batch} has none` : `installed from ${words.batch}`;
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

/** Records the keys that remain in a batch of certificates. */
function noteRest({ factory: { secrets } }: Pick<World, 'factory'>, { certificates, location }: StoredBatch): void {
  secrets.setContent(
    location,
    [...certificates.values()].map((certificate) => secrets.find(keyMaterial(certificate))),
  );
}
