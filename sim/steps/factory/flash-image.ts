import { z } from 'zod';
import { defined } from '../../../core/defined.ts';
import { defineStep } from '../define-step.ts';
import { keyMaterial } from '../../secrets/device-secrets.ts';
import type { Device } from '../../devices/device.ts';
import type { Flash } from '../../devices/flash.ts';
import { reference } from '../../scenario/words/words.ts';
import type { Secret } from '../../secrets/secrets-ledger.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { World } from '../../world/world.ts';

const parts = ['config', 'certificate', 'private-key', 'symmetric-key', 'registration-id'] as const;

type Part = (typeof parts)[number];

export const flashImageStep = defineStep({
  name: 'flash-image',
  summary: 'The manufacturer copies a memory image of one device into others, with any credentials that it contains.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet that gets the image.'),
    from: reference('device', 'Device from which the image is read.'),
    carries: z
      .array(z.enum(parts))
      .min(1)
      .default(['config'])
      .meta({ description: 'Parts that the image contains. Other parts of a device stay unchanged.' }),
  }),
  uses: ['devices', 'factory', 'place'],
  run: async (world, words) => {
    const golden = world.devices.byName.get(words.from);
    if (golden === undefined) {
      throw new StepProblem(
        `\`from\` names the fleet "${words.from}", but an image is read from one device; name a member such as ${words.from}-1`,
      );
    }
    for (const device of world.devices.select(words.device)) {
      if (device === golden) continue;
      for (const secret of secretsIn(golden, words.carries, world))
        world.factory.secrets.handOver(secret, world.place.station);
      write(golden, device, words.carries);
      world.tell(
        'manufacturer',
        device.name,
        `an image of ${golden.name} is flashed with its ${words.carries.join(', ')}`,
      );
    }
  },
});

/** Returns the secrets that a party can read in the image. */
function secretsIn(
  { flash }: Device,
  carries: readonly Part[],
  { factory: { secrets } }: Pick<World, 'factory'>,
): readonly Secret[] {
  return [
    carries.includes('private-key') ? secrets.find(keyMaterial(flash.certificate)) : undefined,
    carries.includes('symmetric-key') ? secrets.find(flash.symmetricKey) : undefined,
  ].filter((secret) => secret !== undefined);
}

function write(golden: Device, device: Device, carries: readonly Part[]): void {
  const carry = (part: Part): boolean => carries.includes(part);
  const key = golden.flash.symmetricKey;
  if (carry('symmetric-key') && key !== undefined && !Buffer.isBuffer(key)) {
    throw new StepProblem(
      `the symmetric key of ${golden.name} is in its ${golden.keyStore} and in no image; remove symmetric-key from \`carries\``,
    );
  }
  if (carry('registration-id')) device.useRegistrationId(golden.registrationId);
  const { config, symmetricKey } = golden.flash;
  device.writeFlash({
    ...(carry('config') ? defined({ config }) : {}),
    ...(carry('symmetric-key') ? defined({ symmetricKey }) : {}),
    ...certificateFrom(golden, device, carry('certificate'), carry('private-key')),
  });
}

/**
 * Returns the certificate and the key from the image. A certificate alone is copied only to a device that already has a key, even if the
 * key does not match.
 */
function certificateFrom(golden: Device, device: Device, takesCertificate: boolean, takesKey: boolean): Partial<Flash> {
  const theirs = golden.flash.certificate;
  const mine = device.flash.certificate;
  const certificate = takesCertificate ? theirs : mine;
  const key = takesKey ? theirs : mine;
  if (!takesCertificate && !takesKey) return {};
  if (certificate === undefined || key === undefined) return {};
  if (!('keyPem' in key) || !('keyPem' in certificate)) {
    throw new StepProblem(
      `the key of ${golden.name} or ${device.name} cannot leave its key store, so no image contains it; remove certificate and private-key from \`carries\``,
    );
  }
  return { certificate: { leaf: certificate.leaf, chainPem: certificate.chainPem, keyPem: key.keyPem } };
}
