import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { keyMaterial } from '../../secrets/device-secrets.ts';
import type { InstalledCertificate } from '../../devices/flash.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem, type StoredBatch, type World } from '../../world/world.ts';
import { keepsKeyInFile } from '../shared/keeps-key-in-file.ts';
import { knownRegistrationId } from '../shared/registration-id.ts';

/** The line takes certificates out of the store. A device for which there is none leaves the line without. */
export const installFromBatch = defineStep({
  name: 'install-from-batch',
  summary: 'Each device gets its certificate and key out of a store that was ordered ahead.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet.'),
    batch: reference('batch', 'Store that order-batch has filled.'),
  }),
  needs: ({ batch }) => ({ batch }),
  run: async (world, words) => {
    const batch = world.batches.get(words.batch);
    if (batch === undefined) throw new StepProblem(`there is no store "${words.batch}"`);
    for (const device of world.select(words.device)) {
      if (device.attestation !== 'x509') throw new StepProblem(`${device.name} attests by ${device.attestation}`);
      keepsKeyInFile(device);
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

function notePassage({ factory: { secrets }, station }: World, certificate: InstalledCertificate): void {
  const secret = secrets.of(keyMaterial(certificate));
  if (secret !== undefined) secrets.passed(secret, station);
}

/** What is left in a store. */
function noteRest({ factory: { secrets } }: World, { certificates, drawer }: StoredBatch): void {
  secrets.lay(
    drawer,
    [...certificates.values()].map((certificate) => secrets.of(keyMaterial(certificate))),
  );
}
