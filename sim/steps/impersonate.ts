import { z } from 'zod';
import { addDuration } from '../../core/duration.ts';
import { deriveDeviceKey } from '../../core/sas.ts';
import { globalEndpoint } from '../../core/dps-wire.ts';
import { generateKeyPair, mintCertificate } from '../../core/x509/mint.ts';
import { defineStep } from '../define-step.ts';
import { attempt } from '../devices/attempt.ts';
import type { Device, Flash } from '../devices/device.ts';
import { keyStores } from '../key-stores/index.ts';
import { softwareKeys } from '../key-stores/software-keys.ts';
import type { Authority } from '../pki/authority.ts';
import { reference } from '../scenario/words.ts';
import { StepProblem, type Loot, type World } from '../world.ts';
import { knownRegistrationId } from './registration-id.ts';

/** An attacker registers under another device's name with what was taken, over the same wire as everybody. */
export const impersonate = defineStep({
  name: 'impersonate',
  summary: 'An attacker registers as a device with stolen credentials and sends telemetry in its name.',
  registers: true,
  hostile: true,
  args: z.strictObject({
    device: reference('device', 'Device or fleet whose name is taken.'),
    with: reference('loot', 'What the attacker holds.').optional(),
    withTpmOf: reference('device', 'A device in the hands of the attacker, whose TPM answers instead.').optional(),
  }),
  run: async (world, words) => {
    const loot = heldBy(world, words);
    await world.clock.all(
      world.select(words.device).map((victim) => async () => {
        const pretender = await disguise(world, victim, loot);
        await attempt(pretender, 'register', world.network);
        if (loot.kind === 'chip') noteHubKey(world, pretender);
      }),
    );
  },
});

function heldBy(
  world: World,
  words: { readonly with?: string | undefined; readonly withTpmOf?: string | undefined },
): Loot {
  if ((words.with === undefined) === (words.withTpmOf === undefined))
    throw new StepProblem('impersonate needs either with or withTpmOf');
  const chip = words.withTpmOf === undefined ? undefined : world.select(words.withTpmOf)[0]?.tpm;
  if (chip !== undefined) return { kind: 'chip', chip };
  if (words.withTpmOf !== undefined) throw new StepProblem(`${words.withTpmOf} has no TPM`);
  const loot = world.loot.get(words.with ?? '');
  if (loot === undefined) throw new StepProblem(`nothing was taken under the name "${words.with ?? ''}"`);
  return loot;
}

/** A chip in the hands of the attacker gets a key for the hub if it is let in. */
function noteHubKey({ factory: { secrets, inDevices } }: World, { name, assigned }: Device): void {
  if (assigned === undefined) return;
  const place = { party: 'attacker', place: 'TPM of the attacker', label: name } as const;
  secrets.lay(place, [inDevices.hubKey(assigned)]);
}

async function disguise(world: World, victim: Device, loot: Loot): Promise<Device> {
  const registrationId = await knownRegistrationId(victim);
  const credential = await credentialOf(world, loot, registrationId);
  return {
    ...victim,
    name: `attacker as ${victim.name}`,
    attestation: victim.attestation,
    tpm: undefined,
    // A key that he makes for himself is in no store of the victim.
    keys: softwareKeys,
    registrationId,
    assigned: undefined,
    ...credential,
    flash: { ...credential.flash, config: { idScope: world.cloud.idScope, endpoint: globalEndpoint } },
  };
}

/** What an attacker shows, or what is lacking to show it. */
type Credential = Partial<Pick<Device, 'attestation' | 'tpm' | 'lacks' | 'flash'>>;

async function credentialOf(world: World, loot: Loot, registrationId: string): Promise<Credential> {
  switch (loot.kind) {
    case 'symmetric-key':
      return { attestation: 'symmetricKey', flash: { symmetricKey: loot.key } };
    case 'group-key':
      return { attestation: 'symmetricKey', flash: { symmetricKey: deriveDeviceKey(loot.key, registrationId) } };
    case 'certificate':
      return { attestation: 'x509', flash: { certificate: loot.certificate } };
    case 'ca':
      return { attestation: 'x509', flash: await certificateFrom(world, loot.authority, registrationId) };
    case 'use':
      return useOf(world, loot.device);
    case 'chip':
      return { attestation: 'tpm', tpm: loot.chip, flash: {} };
    case 'nothing':
      return { lacks: 'nothing was taken' };
  }
}

/** The device works for whoever can make it sign; its own memory goes with that. */
function useOf(world: World, device: Device): Credential {
  const { attestation, tpm, keyStore } = device;
  // He registers, so DPS issues him another certificate where it issues any.
  const { issued: _issued, ...flash } = device.flash;
  if (world.intruders.canUse(device.name, keyStores[keyStore].theft)) return { attestation, tpm, flash };
  return { attestation, lacks: `the key stayed in the ${keyStore} of ${device.name}, which is out of reach` };
}

/** Whoever has the key of a CA makes every device below it. */
async function certificateFrom(world: World, authority: Authority, registrationId: string): Promise<Flash> {
  const now = world.clock.now();
  const leaf = await mintCertificate({
    subject: { commonName: registrationId },
    keys: await generateKeyPair('P-256'),
    issuer: { certificate: authority.minted.certificate, keys: authority.minted.keys },
    notBefore: now,
    notAfter: addDuration(now, 'P1Y'),
    extendedKeyUsage: ['clientAuth'],
    serialNumber: world.random.fork(`forged certificate of ${registrationId} at ${now}`).bytes(16),
  });
  const chainPem = [leaf, ...authority.intermediates].map(({ pem }) => pem).join('');
  return { certificate: { leaf: leaf.der, chainPem, keyPem: leaf.privateKeyPem } };
}
